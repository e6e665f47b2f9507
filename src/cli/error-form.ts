import { Errors } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'

/** What an error's form depends on: the command as typed (`dtstream topics create`) and the flags it has. */
export interface ErrorContext {
  command: string
  flags: readonly string[]
}

/** oclif's own wording around what a flag's `parse` threw. */
const FLAG_PARSING = /^Parsing --(\S+) \n\t([\s\S]*)\nSee more help with --help$/
const HELP_TAIL = '\nSee more help with --help'

/**
 * Any error as the one kind that oclif prints well: a sentence, what to try next, and the exit code. Expected
 * errors keep theirs; wrong usage is 2; whatever was not foreseen is 1, with the way to its stack.
 */
export function toCliError(error: unknown, context: ErrorContext): Errors.CLIError | Errors.ExitError {
  if (error instanceof Errors.ExitError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  if (!(cause instanceof ExpectedError || cause instanceof Errors.CLIError)) return unexpected(cause)
  const flag = FLAG_PARSING.exec(cause.message)
  const message = flag ? `--${flag[1]}: ${flag[2]}` : cause.message.replace(HELP_TAIL, '')
  if (cause instanceof ExpectedError) return cliError(cause, message, cause.suggestions, cause.exit)
  return usageError(cause, message, context)
}

/** The error as `--json` prints it. */
export function errorJson(error: Errors.CLIError): { error: Record<string, unknown> } {
  const { message, suggestions, oclif } = error
  return { error: { message, suggestions: suggestions ?? [], exit: oclif.exit ?? EXIT.failure } }
}

function usageError(error: Errors.CLIError, message: string, { command, flags }: ErrorContext): Errors.CLIError {
  const exit = error.oclif.exit ?? EXIT.usage
  const isFromParser = message !== error.message
  if (!isFromParser) return cliError(error, message, error.suggestions, exit)
  const unknown = unknownFlags(error)
  const near = unknown.map((flag) => nearestName(flag.replace(/^-+|=.*$/g, ''), flags))
  const sentence = unknown.length > 0 ? `${command} does not have the flag ${unknown.join(', ')}` : message
  return cliError(error, sentence, [...near.flatMap((name) => (name ? [`--${name}`] : [])), `${command} --help`], exit)
}

/** Of oclif's error for flags that do not exist, which it does not export. */
function unknownFlags(error: Errors.CLIError & { flags?: unknown }): string[] {
  return error.message.startsWith('Nonexistent flag') && Array.isArray(error.flags) ? error.flags : []
}

function unexpected(error: Error): Errors.CLIError {
  const message = `this should not have happened: ${error.message || error.name}`
  const retry = 'the same again with DEBUG=* in the environment, which shows where it happened'
  return cliError(error, message, [retry], EXIT.failure)
}

function cliError(
  cause: Error,
  message: string,
  suggestions: string[] | undefined,
  exit: number | false,
): Errors.CLIError {
  const error = new Errors.CLIError(message, { exit, ...(suggestions?.length ? { suggestions } : {}) })
  Object.defineProperty(error, 'stack', { value: cause.stack })
  return error
}

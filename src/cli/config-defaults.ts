import type { Command, Interfaces } from '@oclif/core'
import { type ConfigEntry, configError } from './config-file.js'

type AnyFlag = Interfaces.FlagInput[string]

/**
 * Flag definitions with the file's values as defaults, so that command line and environment still come before them.
 * @throws ExpectedError (exit code 2) that names file, section and key where a value is none for its flag
 */
export async function withConfigDefaults<T extends Interfaces.FlagInput>(
  path: string,
  entries: readonly ConfigEntry[],
  flags: T,
  command: Command,
): Promise<T> {
  const changed: Interfaces.FlagInput = {}
  for (const entry of entries) {
    const flag = flags[entry.key]
    if (!flag) continue
    const value = await readValue(`${path}: ${entry.section}.${entry.key}`, entry.value, flag, command)
    changed[entry.key] = { ...flag, default: value } as AnyFlag
  }
  return { ...flags, ...changed }
}

/** Of the file's flags: those that exclude one which command line or environment give, and so have to go. */
export function overruled(
  entries: readonly ConfigEntry[],
  flags: Interfaces.FlagInput,
  parsed: Pick<Interfaces.ParserOutput, 'flags' | 'metadata'>,
): Set<string> {
  const isGiven = (name: string) => parsed.flags[name] !== undefined && !parsed.metadata.flags[name]?.setFromDefault
  const gone = entries.filter(({ key }) => !isGiven(key) && excludedBy(key, flags).some(isGiven))
  return new Set(gone.map(({ key }) => key))
}

/** @throws ExpectedError (exit code 2) where the file itself sets two flags that exclude each other */
export function refuseConflicts(path: string, entries: readonly ConfigEntry[], flags: Interfaces.FlagInput): void {
  const keys = new Set(entries.map(({ key }) => key))
  for (const { section, key } of entries) {
    const other = excludedBy(key, flags).find((name) => keys.has(name))
    if (other) throw configError(`${path}: ${section}.${key}`, `it cannot stand together with ${other}`)
  }
}

/** The flags that this one names as exclusive, and those that name this one. */
function excludedBy(name: string, flags: Interfaces.FlagInput): string[] {
  const own = flags[name]?.exclusive ?? []
  const others = Object.keys(flags).filter((other) => flags[other].exclusive?.includes(name))
  return [...own, ...others]
}

async function readValue(where: string, value: unknown, flag: AnyFlag, command: Command): Promise<unknown> {
  if (flag.type === 'boolean') {
    if (typeof value !== 'boolean') throw configError(where, 'true or false belongs there')
    return value
  }
  if (!Array.isArray(value)) {
    const one = await readOne(where, value, flag, command)
    return flag.multiple ? [one] : one
  }
  if (!flag.multiple) throw configError(where, 'one value belongs there, not a list')
  return Promise.all(value.map((item) => readOne(where, item, flag, command)))
}

async function readOne(
  where: string,
  value: unknown,
  flag: Interfaces.OptionFlag<unknown>,
  command: Command,
): Promise<unknown> {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw configError(where, 'a value belongs there')
  const text = String(value)
  if (flag.options && !flag.options.includes(text)) {
    throw configError(where, `'${text}' is not one of ${flag.options.join(', ')}`)
  }
  const token = { type: 'flag', flag: flag.name, input: text } as const
  try {
    return await flag.parse(text, Object.assign(Object.create(command) as Command, { token }), flag)
  } catch (error) {
    const suggestions = (error as { suggestions?: string[] }).suggestions ?? []
    throw configError(where, (error as Error).message, ...suggestions)
  }
}

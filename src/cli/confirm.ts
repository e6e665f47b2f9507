import { createInterface } from 'node:readline/promises'
import { Errors } from '@oclif/core'
import { EXIT } from '../errors.js'

/**
 * Asks on standard error, so that standard output stays clean.
 * @returns true for `y` and `yes` alone; Ctrl-D is no
 * @throws ExitError with 130 on Ctrl-C
 */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const interrupt = new AbortController()
  terminal.on('SIGINT', () => interrupt.abort())
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: interrupt.signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    process.stderr.write('\n')
    if (interrupt.signal.aborted) throw new Errors.ExitError(EXIT.interrupted)
    if ((error as NodeJS.ErrnoException).code === 'ABORT_ERR') return false
    throw error
  } finally {
    terminal.close()
  }
}

import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileProblem } from '../cli/file-problem.js'
import { ExpectedError } from '../errors.js'
import { lineOutlet } from './line-outlet.js'
import type { AlarmOutlet } from './outlet.js'

/**
 * Adds each event as a line of JSON to the end of a file, which is made if it is not there.
 * @throws ExpectedError where the file cannot be written to
 */
export async function fileOutlet(file: string, onNotice: (sentence: string) => void): Promise<AlarmOutlet> {
  const cannot = (error: unknown) => `alarms cannot be written to ${file}: ${fileProblem(error)}`
  const handle = await open(file, 'a').catch((error: unknown) => {
    throw new ExpectedError(cannot(error), ['name a file that can be written'])
  })
  const stream = createWriteStream('', { fd: handle })
  stream.on('error', (error) => onNotice(cannot(error)))
  const close = () => new Promise<void>((resolve) => stream.end(resolve))
  return lineOutlet((text) => stream.write(text), close)
}

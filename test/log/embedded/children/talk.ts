import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** To the test, at once: nothing that was said gets lost when the process is killed. */
export function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** Calls `listener` with each line of the test. */
export function listen(listener: (line: string) => void): void {
  createInterface(process.stdin).on('line', (line) => listener(JSON.parse(line)))
}

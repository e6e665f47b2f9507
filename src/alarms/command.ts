import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { alarmInWords } from './alarm-record.js'
import type { Delivery } from './paced-outlet.js'

const TIMEOUT_MS = 30_000

/**
 * Runs a command of the shell for events: they are its standard input, a line of JSON each, and DTSTREAM_ALARM says the
 * newest in words. What it prints goes to standard error.
 * @param timeoutMs after which it is killed, with all that it has started
 */
export function alarmCommand(
  command: string,
  timeoutMs = TIMEOUT_MS,
): (delivery: Delivery, signal: AbortSignal) => Promise<void> {
  return async ({ records }, signal) => {
    const newest = records.at(-1)
    const env = { ...process.env, DTSTREAM_ALARM: newest ? alarmInWords(newest) : '' }
    // a group of its own, which can be killed as one
    const child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 2, 2], env })
    // a command that reads nothing is fine
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    await ended(child, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), timeoutMs)
  }
}

async function ended(child: ChildProcess, signal: AbortSignal, timeoutMs: number): Promise<void> {
  const kill = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  signal.addEventListener('abort', kill, { once: true })
  const [code, name] = (await once(child, 'close')) as [number | null, string | null]
  signal.removeEventListener('abort', kill)
  if (signal.aborted) throw new Error(`the command for alarms was not done within ${timeoutMs / 1000} s`)
  if (code !== 0) throw new Error(`the command for alarms ended with ${code ?? name}`)
}

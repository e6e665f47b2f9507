import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const CHILD = fileURLToPath(new URL('write-results.ts', import.meta.url))

/**
 * Runs `write-results.ts` until it is killed, a random time after a random number is safe.
 * @param args where it writes to, its first number, and the endpoint of a bucket
 * @returns the last number that it said
 */
export async function writeUntilKilled(args: readonly string[], random: () => number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const enough = 1 + Math.floor(random() * 8)
  const wait = random() * 40
  let said = ''
  const closed = once(child, 'close')
  const isEnough = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.split('\n').length > enough) resolve()
    })
  })
  await Promise.race([isEnough, closed])
  await sleep(wait)
  child.kill('SIGKILL')
  const [, signal] = await closed
  expect(signal).toBe('SIGKILL')
  return Number(said.trimEnd().split('\n').at(-1))
}

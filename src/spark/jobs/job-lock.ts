import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../errors.js'
import { hasEnded, ownIdentity, type ProcessIdentity } from '../../log/embedded/process-identity.js'

const LONGEST_WAIT_MS = 60_000
const LOOK_MS = 100

/**
 * Does some work on a job while no other process starts it, takes it up or stops it. Who was killed at it is in nobody's way.
 * @param folder of the job
 * @throws ExpectedError where another process is at it for a minute; the signal's reason where it aborts before
 */
export async function withJobLocked<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'lock')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const end = performance.now() + LONGEST_WAIT_MS; !take(lock); await sleep(LOOK_MS)) {
    signal.throwIfAborted()
    if (performance.now() > end)
      throw new ExpectedError(`process ${holderOf(lock)?.pid} is starting or stopping the job`, [
        'wait until it is done, or end it',
      ])
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock: string): boolean {
  const holder = holderOf(lock)
  if (holder && hasEnded(holder)) rmSync(lock, { force: true })
  try {
    writeFileSync(lock, JSON.stringify(ownIdentity()), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Undefined where there is none, or it is just being written. */
function holderOf(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Pacer } from './pacer.js'

export interface PaceOptions {
  pacer: Pacer
  /** rows sent at once; without it, what is due every 20 ms */
  batch?: number
  signal: AbortSignal
  /** ms of a clock that only goes forward */
  now: () => number
}

/** Time between two sends, where there is time at all: what falls due in between goes together. */
const TICK_MS = 20
const LARGEST_BATCH = 50_000
/** What a timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Waits for the next of rows [row, end) to be due, and gives the number of those to send now: 1 at least. */
export async function waitForRows(options: PaceOptions, row: number, end: number): Promise<number> {
  const { batch, pacer, now } = options
  const atLeast = Math.min(batch ?? 1, end - row)
  const dueMs = pacer.dueAtMs(row + atLeast - 1)
  if (dueMs > now()) await waitUntil(batch ? dueMs : Math.max(dueMs, now() + TICK_MS), options)
  else await nextTurn()
  if (batch) return atLeast
  return Math.max(1, Math.min(LARGEST_BATCH, end - row, pacer.due(row, now())))
}

async function waitUntil(dueMs: number, { now, signal }: PaceOptions): Promise<void> {
  for (let wait = dueMs - now(); wait > 0 && !signal.aborted; wait = dueMs - now())
    await sleep(Math.min(wait, LONGEST_WAIT_MS), undefined, { signal }).catch(() => undefined)
}

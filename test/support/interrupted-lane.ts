import { type FoldState, LaneFold } from '../../src/core/orbits/lane-fold.js'
import type { Result } from '../../src/core/results/result.js'
import type { RowBuffer } from '../../src/core/rows/row-buffer.js'
import { foldOptions, take } from './lane.js'

/** A lane's rows, one a message, in batches: where each ends. */
export interface LaneRows {
  rows: RowBuffer
  batchEnds: readonly number[]
  /** offsets before which nothing came for a while; they are ends of batches */
  idleAt?: ReadonlySet<number>
  /** offsets before which an end mark stands */
  endMarkAt?: ReadonlySet<number>
}

/** What is done at an offset: a result sent and its state committed, or the process killed. */
export type Events = ReadonlyMap<number, 'commit' | 'crash'>

/**
 * Works on a lane as `process` does: batches are folded, results taken and committed together with the state, and after
 * a crash a new process begins from what was committed last, whose results alone count.
 * @returns the committed results
 */
export function workThrough(lane: LaneRows, events: Events, grace: number): Result[] {
  const log: { state: FoldState | undefined; results: Result[] } = { state: undefined, results: [] }
  const crashed = new Set<number>()
  while (!attempt(lane, events, grace, log, crashed));
  return log.results
}

function attempt(
  { rows, batchEnds, idleAt, endMarkAt }: LaneRows,
  events: Events,
  grace: number,
  log: { state: FoldState | undefined; results: Result[] },
  crashed: Set<number>,
): boolean {
  const state: FoldState | undefined = JSON.parse(JSON.stringify(log.state ?? null)) ?? undefined
  const fold = new LaneFold(foldOptions({ grace }), state)
  const countFrom = state?.nextOffset ?? 0
  let sentTo = countFrom
  const commit = (offset: number) => {
    log.results.push(take(fold, sentTo, offset))
    log.state = fold.state(offset)
    sentTo = offset
  }
  const start = state?.resumeOffset ?? 0
  if (start === countFrom) fold.startCounting()
  for (const [i, batchEnd] of batchEnds.entries()) {
    const batchStart = i === 0 ? 0 : batchEnds[i - 1]
    if (batchEnd <= start) continue
    const first = Math.max(batchStart, start)
    fold.beginBatch(first)
    for (let at = first; at < batchEnd; at++) {
      if (endMarkAt?.has(at)) fold.end()
      fold.fold(rows.columns, at, at + 1)
      const offset = at + 1
      if (offset === countFrom) fold.startCounting()
      if (offset <= countFrom) continue
      if (idleAt?.has(offset)) fold.closeIdle()
      const event = events.get(offset)
      if (event === 'commit') commit(offset)
      if (event === 'crash' && !crashed.has(offset)) {
        crashed.add(offset)
        return false
      }
    }
  }
  fold.end()
  commit(rows.length)
  return true
}

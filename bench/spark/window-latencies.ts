import type { Result } from '../../src/core/results/result.js'

/** A hit or scintillator signal in a topic. */
export interface SentRow {
  partition: number
  offset: number
  orbit: number
  /** ms since 1970 */
  sentMs: number
}

/** When the result that counts a row came, ms since 1970; undefined where none has. */
export type CountedAt = (row: SentRow) => number | undefined

interface Seen {
  value: Result
  seenMs: number
}

const TENTHS_OF_US_PER_ORBIT = 891

/** Which window of so many ms on the detector's clock an orbit is in, counted from orbit 0. */
export function windowOf(orbit: number, windowMs: number): number {
  return Math.floor(Math.floor((orbit * TENTHS_OF_US_PER_ORBIT) / 10) / (windowMs * 1000))
}

/** For each window, in order, ms from when its last row was sent until all its rows were counted; windows with rows that never were are left out. */
export function windowLatencies(rows: readonly SentRow[], countedAt: CountedAt, windowMs: number): number[] {
  const windows = new Map<number, { lastSentMs: number; countedMs: number }>()
  for (const row of rows) {
    const number = windowOf(row.orbit, windowMs)
    const { lastSentMs, countedMs } = windows.get(number) ?? { lastSentMs: 0, countedMs: 0 }
    windows.set(number, {
      lastSentMs: Math.max(lastSentMs, row.sentMs),
      countedMs: Math.max(countedMs, countedAt(row) ?? Number.POSITIVE_INFINITY),
    })
  }
  const inOrder = [...windows].sort(([a], [b]) => a - b).map(([, window]) => window)
  return inOrder.map(({ lastSentMs, countedMs }) => countedMs - lastSentMs).filter(Number.isFinite)
}

/** In Node a row is counted by the first result of its partition that goes beyond it and has its orbit closed. */
export function countedInNode(results: readonly Seen[]): CountedAt {
  const ranges = results.flatMap(({ value, seenMs }) => value.source.map((range) => ({ range, seenMs })))
  return ({ partition, offset, orbit }) =>
    ranges.find(
      ({ range }) =>
        'partition' in range && range.partition === partition && offset < range.to && orbit <= (range.watermark ?? -1),
    )?.seenMs
}

/** On Spark a row is counted by the result of its window. */
export function countedOnSpark(results: readonly Seen[], windowMs: number): CountedAt {
  const windows = results.filter(({ value }) => value.source.some((range) => 'since' in range))
  const seen = new Map(windows.map(({ value, seenMs }) => [value.msg_ID, seenMs]))
  return ({ orbit }) => seen.get(windowOf(orbit, windowMs))
}

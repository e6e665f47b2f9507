import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { type FoldOptions, LaneFold } from '../../src/core/orbits/lane-fold.js'
import type { Result, SourceRange } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { clearRows, createRowBuffer, type RowBuffer } from '../../src/core/rows/row-buffer.js'
import { parseText } from '../../src/core/rows/text.js'
import { createChamberMap } from '../../src/core/run-file/chamber-map.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { type Counts, Oracle } from './oracle.js'
import { type StreamRow, textOf } from './stream.js'

export const GRACE = 2048

export function foldOptions(changes: Partial<FoldOptions> = {}): FoldOptions {
  return { run: DEFAULT_RUN, map: createChamberMap(DEFAULT_RUN), grace: GRACE, orbitDetail: true, ...changes }
}

/** All rows of the text in one buffer, malformed ones included. */
export function parseAll(text: string | Uint8Array): RowBuffer {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const rows = createRowBuffer(Math.max(64, bytes.length))
  expect(parseText(bytes, 0, bytes.length, rows, true)).toBe(bytes.length)
  return rows
}

/**
 * Folds bytes that come in pieces, as a source reads them: the unfinished line of a piece is put before the next one, and
 * rows go to the fold whenever the buffer is full.
 */
export function foldPieces(fold: LaneFold, pieces: Iterable<Uint8Array>, capacity = 1024): void {
  const rows = createRowBuffer(capacity)
  const flush = () => {
    fold.fold(rows.columns, 0, rows.length)
    fold.addMalformed(rows.malformed.count)
    clearRows(rows)
  }
  let rest: Uint8Array = new Uint8Array()
  const parse = (final: boolean) => {
    let at = 0
    for (let next = -1; at < rest.length; at = next) {
      next = parseText(rest, at, rest.length, rows, final)
      flush()
      if (next === at) break
    }
    rest = rest.subarray(at)
  }
  for (const piece of pieces) {
    rest = Buffer.concat([rest, piece])
    parse(false)
  }
  parse(true)
}

/** The result of a lane that reads this text, and nothing else, to its end. */
export function foldText(text: string | Uint8Array, changes: Partial<FoldOptions> = {}): Result {
  const fold = new LaneFold(foldOptions(changes))
  const { columns, length, malformed } = parseAll(text)
  fold.fold(columns, 0, length)
  fold.addMalformed(malformed.count)
  fold.end()
  return take(fold)
}

/** A lane that has read these rows, and may go on. */
export function foldOf(rows: readonly StreamRow[]): LaneFold {
  const fold = new LaneFold(foldOptions())
  const { columns, length } = parseAll(textOf(rows))
  fold.fold(columns, 0, length)
  fold.sweep()
  return fold
}

export function oracleOf(rows: readonly StreamRow[]): Counts {
  const oracle = new Oracle()
  for (const { text, run } of rows) oracle.add(text, run)
  return oracle.counts()
}

/** Takes what the lane has counted, as the result of offsets [from, to) of a partition. */
export function take(fold: LaneFold, from = 0, to = 1, partition = 0): Result {
  fold.sweep()
  const time = new Date(Date.UTC(2024, 0, 1) + from).toISOString()
  const source: SourceRange[] = [{ topic: 'data_raw', partition, from, to, watermark: fold.watermark }]
  const label = { msg_ID: from, worker: 'test/0', interval: { start: time, end: time }, source, geometry: 'default' }
  return fold.tally.take({ ...label, run: fold.run })
}

/** Adds results as `dtstream merge` does. None of them may be a repetition. */
export function sum(results: Result[]): Result {
  const total = new ResultSum()
  for (const result of results) expect(total.add(result)).toBe('added')
  return total.toResult('test') as Result
}

/** What of a result the oracle knows. */
export function countsOf(result: Result): Counts {
  const { late: _, ...rows } = result.rows
  return {
    rows,
    orbit_count: result.orbits.count,
    hit_count: result.hit_count,
    hit_count_chamber: result.hit_count_chamber,
    tdc_counts_chamber: result.tdc_counts_chamber,
    active_tdc_chamber: result.active_tdc_chamber,
    active_multiplicity_chamber: result.active_multiplicity_chamber,
    tdc_counts_scintillator_chamber: result.tdc_counts_scintillator_chamber,
    drift_time_chamber: result.drift_time_chamber,
  }
}

/** Row classes and results 1 to 3, which late rows do not change. */
export function firstThree(counts: Counts): Partial<Counts> {
  const { rows, hit_count, hit_count_chamber, tdc_counts_chamber } = counts
  return { rows, hit_count, hit_count_chamber, tdc_counts_chamber }
}

/** Every count as in the oracle's, and no row late. */
export function expectExact(result: Result, oracle: Counts): void {
  expect(result.rows.late).toBe(0)
  expectSame(countsOf(result), oracle)
}

/** Like `toEqual`, which takes seconds for long lists of equal numbers and is asked only for what to say. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected)
}

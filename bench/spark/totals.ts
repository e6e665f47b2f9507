import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import type { OriginalMessage } from './engines.js'
import type { Message } from './followed-topic.js'

/** Counts by which engines are compared. */
export interface Totals {
  hits: number
  driftTimes: number
}

/** All results of ours added up. */
export function sumOfResults(messages: readonly Message<Result>[]): Result {
  const sum = new ResultSum()
  for (const { value } of messages) sum.add(value)
  const result = sum.toResult('bench')
  if (!result) throw new Error('there are no results')
  return result
}

/** @throws Error with the first counts that differ */
export function demandEqual(expected: Result, found: Result): void {
  const differences = compareCounts(expected, found)
  if (differences.length > 0)
    throw new Error(`Spark and Node differ in ${differences.length} counts: ${JSON.stringify(differences.slice(0, 5))}`)
}

export function totalsOf({ hit_count_chamber, drift_time_chamber }: Result): Totals {
  const histograms = Object.values(drift_time_chamber)
  return {
    hits: sumOf(hit_count_chamber),
    driftTimes: sumOf(histograms.map((one) => sumOf(one.hist_counts) + one.underflow + one.overflow)),
  }
}

export function totalsOfOriginal(messages: readonly Message<OriginalMessage>[]): Totals {
  const values = messages.map(({ value }) => value)
  return {
    hits: sumOf(values.flatMap(({ hit_count_chamber }) => hit_count_chamber)),
    driftTimes: sumOf(
      values.flatMap(({ drift_time_chamber }) => Object.values(drift_time_chamber).flatMap((one) => one.hist_counts)),
    ),
  }
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

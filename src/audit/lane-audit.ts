import { compareCounts, type Difference } from '../core/results/compare.js'
import type { Result } from '../core/results/result.js'
import { type Break, type ChainEnds, chainOf, rangesOf } from './chain.js'
import { type RecomputeOptions, recomputeLane } from './recompute.js'

export interface LaneAudit {
  /** the lane's number: its first partition */
  partition: number
  partitions: readonly number[]
  results: number
  /** of them, those that could not be computed again, because retention has deleted rows */
  unchecked: number
  /** earlier results that retention has deleted */
  unkept: number
  rows: number
  /** what repeats, misses or overlaps in the chain of results */
  breaks: Break[]
  differences: (Difference & { msg_ID: number })[]
  /** counts that differ beyond those listed */
  moreDifferences: number
  /** messages in the topic that no result covers yet */
  pending: number
  /** hits and scintillator signals whose orbit had been closed when they came */
  late: number
}

/** What a lane has sent, in any order. */
export interface SentResults {
  partitions: readonly number[]
  results: readonly Result[]
  ends: ChainEnds
}

const MOST_DIFFERENCES = 20

/** @param onProgress told how many rows were folded so far */
export async function auditLane(
  options: RecomputeOptions,
  { partitions, results: sent, ends }: SentResults,
  onProgress: (rows: number) => void,
): Promise<LaneAudit> {
  const { results, breaks } = chainOf(partitions, sent, ends)
  const lane: LaneAudit = {
    partition: partitions[0],
    partitions,
    results: results.length,
    unchecked: 0,
    unkept: ends.trimmed ? (results[0]?.msg_ID ?? 0) : 0,
    rows: 0,
    breaks,
    differences: [],
    moreDifferences: 0,
    pending: pendingBehind(results.at(-1), partitions, options.raw.offsets),
    late: 0,
  }
  for await (const { expected, found } of recomputeLane(options, partitions, results)) {
    if (expected) compare(lane, expected, found)
    else lane.unchecked++
    onProgress(lane.rows)
  }
  return lane
}

/** Readers drop what repeats, so that takes nothing from a lane's being exact. */
export function isExact({ breaks, differences }: LaneAudit): boolean {
  return differences.length === 0 && breaks.every(({ kind }) => kind === 'repeated')
}

function compare(lane: LaneAudit, expected: Result, found: Result): void {
  const differences = compareCounts(expected, found).map((one) => ({ ...one, msg_ID: found.msg_ID }))
  const room = MOST_DIFFERENCES - lane.differences.length
  lane.differences.push(...differences.slice(0, room))
  lane.moreDifferences += Math.max(0, differences.length - room)
  lane.rows += expected.rows.read
  lane.late += expected.rows.late
}

function pendingBehind(
  last: Result | undefined,
  partitions: readonly number[],
  offsets: readonly { start: number; end: number }[],
): number {
  const ranges = last && rangesOf(last)
  return partitions.reduce((pending, partition, i) => {
    const { start, end } = offsets[partition]
    return pending + Math.max(0, end - Math.max(start, ranges?.[i].to ?? start))
  }, 0)
}

import { compareCounts, type Difference } from '../../core/results/compare.js'
import type { Result } from '../../core/results/result.js'

/** What an audit finds of the Spark jobs of a group, one begun after the other. */
export interface JobAudit {
  /** for each job the offsets at which it began, by partition; none where no window has closed yet */
  since: number[][]
  /** of rows, and of windows; repetitions are left out */
  results: number
  /** of them, those that could not be computed again, because retention has deleted rows */
  unchecked: number
  /** retention has deleted results, so the first ones may be missing */
  trimmed: boolean
  /** rows of the results that were computed again */
  rows: number
  /** what repeats, misses or overlaps */
  breaks: JobBreak[]
  differences: JobDifference[]
  /** counts that differ beyond those listed */
  moreDifferences: number
  /** messages behind the last result of their partition */
  pending: number
  /** hits whose window may still be open */
  openHits: number
  /** hits that no window counts, though theirs has closed */
  lostHits: number
}

/** Offsets of a partition, or orbits of windows (`partition` null), [from, to): in no result, in two, or sent again. */
export interface JobBreak {
  kind: 'gap' | 'overlap' | 'repeated'
  partition: number | null
  from: number
  to: number
}

/** A count that is not what it should be, in the result of a window or of a partition's rows. */
export type JobDifference = Difference & { partition: number | null; msg_ID: number }

const MOST_DIFFERENCES = 20

export function emptyJobAudit(since: readonly (readonly number[])[], trimmed: boolean): JobAudit {
  return {
    ...{ since: since.map((offsets) => [...offsets]), results: 0, unchecked: 0, trimmed, rows: 0 },
    ...{ breaks: [], differences: [], moreDifferences: 0, pending: 0, openHits: 0, lostHits: 0 },
  }
}

/** Notes what differs in a result. */
export function compareIn(audit: JobAudit, expected: Result, found: Result): void {
  const [range] = found.source
  const partition = 'partition' in range ? range.partition : null
  const differences = compareCounts(expected, found).map((one) => ({ ...one, partition, msg_ID: found.msg_ID }))
  const room = MOST_DIFFERENCES - audit.differences.length
  audit.differences.push(...differences.slice(0, room))
  audit.moreDifferences += Math.max(0, differences.length - room)
}

/**
 * Results in the order of their ranges; one that repeats another is left out, and so is one that overlaps what is before it:
 * both are noted.
 */
export function inOrder(audit: JobAudit, sent: readonly Result[]): Result[] {
  const results: Result[] = []
  let last: { from: number; to: number } | undefined
  for (const result of [...sent].sort(({ source: [a] }, { source: [b] }) => a.from - b.from || a.to - b.to)) {
    const [range] = result.source
    const { from, to } = range
    const partition = 'partition' in range ? range.partition : null
    if (last?.from === from && last.to === to) audit.breaks.push({ kind: 'repeated', partition, from, to })
    else if (last && from < last.to) audit.breaks.push({ kind: 'overlap', partition, from, to: Math.min(to, last.to) })
    else {
      last = { from, to }
      results.push(result)
    }
  }
  audit.results += results.length
  return results
}

/** Readers drop what repeats, so that takes nothing from a job's being exact. */
export function isJobExact({ breaks, differences, lostHits }: JobAudit): boolean {
  return differences.length === 0 && lostHits === 0 && breaks.every(({ kind }) => kind === 'repeated')
}

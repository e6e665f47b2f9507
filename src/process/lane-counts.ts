import type { RowCounts } from '../core/results/result.js'
import { addRowCounts, emptyRowCounts } from '../core/results/row-counts.js'
import type { LaneProgress } from './lane-feed.js'

/** What was counted, for the status line and the summary. */
export interface Counted {
  /** rows */
  read: number
  late: number
  malformed: number
  results: number
  /** rows of these results */
  sent: RowCounts
}

/** What a lane has counted since a worker opened it. */
export interface LaneCounts extends Counted {
  /** the lane's number */
  partition: number
  /** next offset to be read, by partition */
  positions: LaneProgress[]
}

export const NOTHING_COUNTED: Counted = { read: 0, late: 0, malformed: 0, results: 0, sent: emptyRowCounts() }

export function addCounted(a: Counted, b: Counted): Counted {
  return {
    read: a.read + b.read,
    late: a.late + b.late,
    malformed: a.malformed + b.malformed,
    results: a.results + b.results,
    sent: addRowCounts(a.sent, b.sent),
  }
}

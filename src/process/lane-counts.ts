import type { LaneProgress } from './lane-feed.js'

/** What was counted, for the status line and the summary. */
export interface Counted {
  /** rows */
  read: number
  late: number
  malformed: number
  results: number
}

/** What a lane has counted since a worker opened it. */
export interface LaneCounts extends Counted {
  /** the lane's number */
  partition: number
  /** next offset to be read, by partition */
  positions: LaneProgress[]
}

export const NOTHING_COUNTED: Counted = { read: 0, late: 0, malformed: 0, results: 0 }

export function addCounted(a: Counted, b: Counted): Counted {
  return {
    read: a.read + b.read,
    late: a.late + b.late,
    malformed: a.malformed + b.malformed,
    results: a.results + b.results,
  }
}

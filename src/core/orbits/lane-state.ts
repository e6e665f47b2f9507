import type { ClockState } from './clock-state.js'

/** What a lane commits with each result, and starts from after a crash. Plain JSON, and small. */
export interface LaneState {
  /** of each of the lane's partitions, ascending */
  positions: LanePosition[]
  /** number of the next result */
  nextMessage: number
  /** the lane's time as it stood at the `resumeOffset`s */
  clock: ClockState
  announced?: Announcement
}

/**
 * A result that is about to be written where no transaction takes it back: where it ends. Whoever goes on from here ends its
 * first result there too, so that what is written again is the same, count for count.
 */
export interface Announcement {
  /** of each of the lane's partitions, in their order: the offset that its rows go up to */
  to: number[]
  /** in a lane of several partitions: of each, the offsets that each round went on by since `nextOffset` */
  rounds?: number[][]
  /** all open orbits are closed at its end */
  closing: boolean
}

export interface LanePosition {
  partition: number
  /** P: reading starts here again; no row before it belongs to an orbit still open */
  resumeOffset: number
  /** N: rows before it are counted */
  nextOffset: number
  /** in a lane of several partitions: the offsets that each round since `resumeOffset` went on by */
  rounds?: number[]
}

import type { ClockState } from './clock-state.js'

/** What a lane commits with each result, and starts from after a crash. Plain JSON. */
export interface LaneState {
  /** P: reading starts here again; no row before it belongs to an orbit still open */
  resumeOffset: number
  /** N: rows before it are counted */
  nextOffset: number
  /** number of the next result */
  nextMessage: number
  /** the lane's time as it stood at `resumeOffset` */
  clock: ClockState
}

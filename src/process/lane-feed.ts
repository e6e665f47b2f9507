import type { LaneFold } from '../core/orbits/lane-fold.js'
import type { Announcement, LaneState } from '../core/orbits/lane-state.js'
import type { TopicRange } from '../core/results/result.js'

/** Brings a lane's rows to its fold, and knows which of them a result covers. */
export interface LaneFeed {
  readonly fold: LaneFold
  /** next offset to be folded, by partition */
  readonly positions: LaneProgress[]
  /** rows were folded that no result covers */
  readonly hasUnsent: boolean
  /** when the oldest row was appended that no result covers, ms since 1970 */
  readonly oldestRowMs: number | undefined
  /** no more orbits can be kept open: what would be saved grows too large */
  readonly isOverfull: boolean
  /** no more can be announced in one result */
  readonly isFull: boolean
  /** all rows of the announced result have been folded, and nothing more is until it was sent */
  readonly isAtAnnounced: boolean
  /**
   * Waits for rows, `waitMs` at most, and folds what can be folded; false where nothing came and nothing was done.
   * @throws MessagesGoneError where the next ones are no longer kept
   */
  read(waitMs: number): Promise<boolean>
  /** Folds also what was held back for rows that might come before it, as far as that is right; all of it when the lane is idle. */
  settle(isIdle: boolean): void
  /** What a result covers that is taken now. */
  ranges(): TopicRange[]
  /** Where a result ends that is taken now. */
  announcement(): Omit<Announcement, 'closing'>
  /** A result covers all that was folded so far. */
  sent(): void
  state(nextMessage: number): LaneState
  /** Whoever waits in `read` is woken. */
  close(): Promise<void>
}

export interface LaneProgress {
  partition: number
  offset: number
}

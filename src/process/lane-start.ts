import type { LaneState } from '../core/orbits/lane-state.js'
import type { Lane } from '../log/log.js'

/** Where a lane goes on, or begins. */
export interface LaneStart {
  /** what the fold starts from; undefined for a lane that nothing is known of */
  state: LaneState | undefined
  /** first offset that is read; rows before `countFrom` only rebuild the open orbits */
  readFrom: number
  countFrom: number
  /** number of the next result */
  nextMessage: number
  /** what the user should know */
  warning: string | undefined
}

/** What a lane is, and which of its rows are kept. */
export type LaneExtent = Pick<Lane, 'topic' | 'partition' | 'startOffset' | 'endOffset'>

/** @param state what the lane has done so far, undefined for one that a group works on for the first time */
export function laneStart(lane: LaneExtent, state: LaneState | undefined, begin: 'beginning' | 'end'): LaneStart {
  const { startOffset, endOffset } = lane
  if (!state) {
    const offset = begin === 'beginning' ? startOffset : endOffset
    return { state, readFrom: offset, countFrom: offset, nextMessage: 0, warning: undefined }
  }
  const { resumeOffset, nextOffset, nextMessage } = state
  if (resumeOffset >= startOffset)
    return { state, readFrom: resumeOffset, countFrom: nextOffset, nextMessage, warning: undefined }
  return {
    state: withoutOpenOrbits(state),
    readFrom: startOffset,
    countFrom: Math.max(nextOffset, startOffset),
    nextMessage,
    warning: whatIsGone(lane, state),
  }
}

/** Strays had rows that are gone, or may have been counted since; the first row that is kept sets the lane's time anew. */
function withoutOpenOrbits(state: LaneState): LaneState {
  return {
    ...state,
    clock: { ...state.clock, current: null, previous: null, streak: [], strays: [], closedStrays: [] },
  }
}

function whatIsGone({ topic, partition, startOffset }: LaneExtent, { resumeOffset, nextOffset }: LaneState): string {
  const place = `${topic}/${partition}`
  const last = startOffset - 1
  return nextOffset < startOffset
    ? `retention has deleted offsets ${nextOffset} to ${last} of ${place} before they were counted: its results have a gap`
    : `retention has deleted offsets ${resumeOffset} to ${last} of ${place}, rows of orbits that were still open: these orbits are counted without them`
}

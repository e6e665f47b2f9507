import type { Announcement, LanePosition, LaneState } from '../core/orbits/lane-state.js'
import type { LaneExtent } from '../log/log.js'

/** Where a lane goes on, or begins. */
export interface LaneStart {
  /** what the fold starts from; undefined for a lane that nothing is known of */
  state: LaneState | undefined
  parts: PartStart[]
  /** number of the next result */
  nextMessage: number
  /** where the first result ends, because it may have been written in part */
  announced?: Announcement | undefined
  /** what the user should know */
  warnings: string[]
}

export interface PartStart {
  partition: number
  /** first offset that is read; rows before `countFrom` only rebuild the open orbits */
  readFrom: number
  countFrom: number
}

/** What a lane is, and which of its rows are kept. */
export interface KeptLane {
  topic: string
  extents: readonly LaneExtent[]
}

/** @param state what the lane has done so far, undefined for one that a group works on for the first time */
export function laneStart(lane: KeptLane, state: LaneState | undefined, begin: 'beginning' | 'end'): LaneStart {
  if (!state)
    return { state, parts: lane.extents.map((extent) => newPart(extent, begin)), nextMessage: 0, warnings: [] }
  const { positions, nextMessage } = state
  const parts = lane.extents.map(({ partition, startOffset }, i) => ({
    partition,
    readFrom: Math.max(positions[i].resumeOffset, startOffset),
    countFrom: Math.max(positions[i].nextOffset, startOffset),
  }))
  const gone = lane.extents.filter(({ startOffset }, i) => positions[i].resumeOffset < startOffset)
  return {
    state: gone.length > 0 ? withoutOpenOrbits(state) : state,
    parts,
    nextMessage,
    announced: gone.length > 0 ? undefined : state.announced,
    warnings: gone.map((extent) => whatIsGone(lane.topic, extent, positions[lane.extents.indexOf(extent)])),
  }
}

function newPart({ partition, startOffset, endOffset }: LaneExtent, begin: 'beginning' | 'end'): PartStart {
  const offset = begin === 'beginning' ? startOffset : endOffset
  return { partition, readFrom: offset, countFrom: offset }
}

/** Strays had rows that are gone, or may have been counted since; the first row that is kept sets the lane's time anew. */
function withoutOpenOrbits(state: LaneState): LaneState {
  return {
    ...state,
    clock: { ...state.clock, current: null, previous: null, streak: [], strays: [], closedStrays: [] },
  }
}

function whatIsGone(
  topic: string,
  { partition, startOffset }: LaneExtent,
  { resumeOffset, nextOffset }: LanePosition,
): string {
  const place = `${topic}/${partition}`
  const last = startOffset - 1
  return nextOffset < startOffset
    ? `retention has deleted offsets ${nextOffset} to ${last} of ${place} before they were counted: its results have a gap`
    : `retention has deleted offsets ${resumeOffset} to ${last} of ${place}, rows of orbits that were still open: these orbits are counted without them`
}

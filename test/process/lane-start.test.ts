import { expect, it } from 'vitest'
import type { LaneState } from '../../src/core/orbits/lane-state.js'
import { laneStart } from '../../src/process/lane-start.js'

const partition = 3
const lane = (startOffset: number) => ({ topic: 'data_raw', extents: [{ partition, startOffset, endOffset: 500 }] })
const parts = (readFrom: number, countFrom: number) => ({ parts: [{ partition, readFrom, countFrom }] })
const stray = { orbit: 7, place: 900, near: true }
const state: LaneState = {
  ...{ positions: [{ partition, resumeOffset: 200, nextOffset: 300 }], nextMessage: 4 },
  clock: {
    ...{ run: 2, ended: false, watermark: 40, previous: null, streak: [8], strays: [stray], closedStrays: [9] },
    current: { time: 50, now: 50, closed: null, settled: true },
  },
}
const lost = { ...state.clock, current: null, streak: [], strays: [], closedStrays: [] }

it('a new group begins where it is told to', () => {
  const start = { state: undefined, nextMessage: 0, warnings: [] }
  expect(laneStart(lane(100), undefined, 'beginning')).toEqual({ ...start, ...parts(100, 100) })
  expect(laneStart(lane(100), undefined, 'end')).toEqual({ ...start, ...parts(500, 500) })
})

it('a lane goes on where it was, as long as its rows are kept', () => {
  const start = { state, ...parts(200, 300), nextMessage: 4, warnings: [] }
  expect(laneStart(lane(100), state, 'end')).toEqual(start)
  expect(laneStart(lane(200), state, 'end')).toEqual(start)
})

it('a lane whose open orbits have lost rows begins their time anew, and counts no row again', () => {
  expect(laneStart(lane(201), state, 'beginning')).toEqual({
    ...{ state: { ...state, clock: lost }, ...parts(201, 300), nextMessage: 4 },
    warnings: [
      'retention has deleted offsets 200 to 200 of data_raw/3, rows of orbits that were still open: these orbits are counted without them',
    ],
  })
})

it('a lane whose rows are gone before they were counted goes on with those that are kept', () => {
  expect(laneStart(lane(450), state, 'beginning')).toEqual({
    ...{ state: { ...state, clock: lost }, ...parts(450, 450), nextMessage: 4 },
    warnings: [
      'retention has deleted offsets 300 to 449 of data_raw/3 before they were counted: its results have a gap',
    ],
  })
})

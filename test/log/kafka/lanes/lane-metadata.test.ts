import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LaneState } from '../../../../src/core/orbits/lane-state.js'
import { progressIn, statesIn, toPositions } from '../../../../src/log/kafka/lanes/lane-metadata.js'
import { laneState } from '../../messages.js'

/** A state of so many partitions, with so much in it that deflating does not make it much shorter. */
const stateOf = (partitions: number, rounds: readonly number[]): LaneState => ({
  ...laneState(5, 7),
  positions: Array.from({ length: partitions }, (_, partition) => ({
    ...{ partition, resumeOffset: 10 + partition, nextOffset: 20 + partition },
    ...(rounds.length > 0 ? { rounds: [...rounds] } : {}),
  })),
})

const committedWith = (state: LaneState) =>
  toPositions(state).map((position) => ({ topic: 'data_raw', ...position, offset: position.offset }))

describe('what lies with the offsets of a lane', () => {
  it('is the state again, however long, and never more than a broker keeps', () => {
    const rounds = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 300 })
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 12 }), rounds, (partitions, steps) => {
        const state = stateOf(partitions, steps)
        const committed = committedWith(state)
        for (const { metadata } of committed) expect(metadata.length).toBeLessThanOrEqual(4096)
        expect(committed.map(({ offset }) => offset)).toEqual(state.positions.map(({ resumeOffset }) => resumeOffset))
        expect(statesIn(committed, 'g')).toEqual([state])
      }),
    )
  })

  it('says of each partition how far it has come', () => {
    const [first, second] = committedWith(stateOf(2, []))
    expect(progressIn(first.metadata)).toEqual({ nextOffset: 20, nextMessage: 7 })
    expect(progressIn(second.metadata)).toEqual({ nextOffset: 21, nextMessage: 7 })
  })

  it('is told apart where each partition is a lane, and where nothing was committed', () => {
    const [one] = committedWith(laneState(3, 1))
    const lanes = [
      { ...one, partition: 0 },
      { topic: 'data_raw', partition: 1, offset: -1, metadata: '' },
      { ...one, partition: 2 },
    ]
    expect(statesIn(lanes, 'g')).toEqual([laneState(3, 1), laneState(3, 1)])
  })

  it.each(['', 'mine', '{"v":1,"n":5,"by":"x"}', '{"v":2,"n":1,"m":2}', null])(
    'of somebody else, %j, is refused',
    (metadata) => {
      const committed = [{ topic: 'data_raw', partition: 4, offset: 17, metadata }]
      expect(() => statesIn(committed, 'g')).toThrow(
        'group g on data_raw/4 has an offset that was not committed by dtstream',
      )
      expect(progressIn(metadata)).toBeUndefined()
    },
  )

  it('has no room for a state of any length', () => {
    const random = Array.from({ length: 4000 }, (_, i) => (i * 7919 * 104_729) % 1_000_003)
    expect(() => toPositions(stateOf(1, random))).toThrow(RangeError)
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clocksOf } from '../../../src/spark/jobs/start-queries.js'

it.each([
  [[], [[0], [1], [2], [3]]],
  [[0], [[0, 1], [2], [3]]],
  [[3], [[0], [1], [2, 3]]],
  [
    [0, 2],
    [[0, 1, 2], [3]],
  ],
  [[0, 1, 2, 3], [[0, 1, 2, 3]]],
])('partitions that have ended, %j, go with a neighbour', (ended, clocks) => {
  expect(clocksOf([0, 1, 2, 3], new Set(ended))).toEqual(clocks)
})

it('keeps all partitions in order, with one that is open in each clock', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (open) => {
      const partitions = open.map((_, partition) => partition)
      const clocks = clocksOf(partitions, new Set(partitions.filter((partition) => !open[partition])))
      expect(clocks.flat()).toEqual(partitions)
      const most = clocks.map((clock) => clock.filter((partition) => open[partition]).length)
      expect(most).toEqual(most.map(() => (open.includes(true) ? 1 : 0)))
    }),
  )
})

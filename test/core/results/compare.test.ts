import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCounts } from '../../../src/core/results/compare.js'
import type { Result } from '../../../src/core/results/result.js'
import { anyResult, resultOf } from '../../support/results.js'

const hits = [
  { chamber: 0, cell: 5, bin: 10 },
  { chamber: 0, cell: 6, bin: -1 },
  { chamber: 3, cell: 7, bin: 11 },
]
const RESULT = resultOf({
  orbits: [{ orbit: 4_000_000_000, scintillator: true, hits }],
  ...{ lateHits: [hits[0]], others: { ancillary: 2, unmapped: 1, malformed: 0 } },
})

const changed = (change: (result: Result) => void): Result => {
  const copy = structuredClone(RESULT)
  change(copy)
  return copy
}

describe('two results', () => {
  it('with the same counts do not differ, whoever sent them, when, and of which rows', () => {
    fc.assert(
      fc.property(anyResult(), anyResult(), (one, other) => {
        const { msg_ID, worker, interval, source } = other
        expect(compareCounts(one, { ...one, msg_ID, worker, interval, source })).toEqual([])
      }),
    )
  })

  it('differ either way round in the same fields', () => {
    fc.assert(
      fc.property(anyResult(), anyResult(), (one, other) => {
        const turned = compareCounts(other, one).map(({ field, expected, found }) => [field, found, expected].join())
        const differences = compareCounts(one, other).map(({ field, expected, found }) =>
          [field, expected, found].join(),
        )
        expect(differences.sort()).toEqual(turned.sort())
      }),
    )
  })

  it.each<[string, number, number, (result: Result) => void]>([
    ['rows.late', 1, 2, ({ rows }) => rows.late++],
    ['orbits.count', 1, 0, ({ orbits }) => orbits.count--],
    ['hit_count', 4, 5, (result) => result.hit_count++],
    ['hit_count_chamber[3]', 1, 0, (result) => result.hit_count_chamber.pop()],
    ['tdc_counts_chamber.0[6]', 1, 0, ({ tdc_counts_chamber: { 0: c } }) => c.bin_edges.pop() && c.hist_counts.pop()],
    ['active_tdc_chamber.3[4000000000]', 1, 2, (result) => result.active_tdc_chamber?.['3'].hist_counts.fill(2)],
    ['active_multiplicity_chamber.0[2]', 1, 3, ({ active_multiplicity_chamber: { 0: c } }) => c.fill(3, 1, 2)],
    ['tdc_counts_scintillator_chamber.3[71]', 1, 0, (result) => delete result.tdc_counts_scintillator_chamber['3']],
    ['drift_time_chamber.0.underflow', 1, 0, ({ drift_time_chamber }) => drift_time_chamber['0'].underflow--],
  ])('differ in %s', (field, expected, found, change) => {
    const differences = compareCounts(RESULT, changed(change))
    expect(differences).toEqual([{ field, expected, found }])
  })

  it('are compared bin by bin where one has bins that the other lacks', () => {
    const shifted = changed(({ drift_time_chamber }) => {
      drift_time_chamber['3'].bin_edges[0] += 2.5
    })
    const [{ field, expected, found }, other] = compareCounts(RESULT, shifted)
    expect([field, expected, found]).toEqual([expect.stringMatching(/^drift_time_chamber\.3\[-?[\d.]+\]$/), 1, 0])
    expect(other).toMatchObject({ expected: 0, found: 1 })
  })

  it('are not compared in the list of orbits where one leaves it out', () => {
    const { active_tdc_chamber: _, ...without } = RESULT
    expect(compareCounts(RESULT, without)).toEqual([])
    expect(compareCounts(without, RESULT)).toEqual([])
  })
})

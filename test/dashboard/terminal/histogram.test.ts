import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brailleBars, rebinned } from '../../../src/dashboard/terminal/histogram.js'
import { linearScale, logScale } from '../../../src/dashboard/terminal/value-scale.js'

describe('a histogram', () => {
  it('keeps its sum in any number of columns', () => {
    const bins = fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(bins, fc.integer({ min: 1, max: 500 }), (counts, columns) => {
        const perColumn = counts.length / columns
        const sum = rebinned(counts, columns).reduce((a, b) => a + b, 0) * perColumn
        expect(sum).toBeCloseTo(
          counts.reduce((a, b) => a + b, 0),
          5,
        )
      }),
    )
  })

  it('is flat where its bins are, however many columns it is drawn in', () => {
    for (const columns of [1, 7, 100, 260, 333]) {
      for (const value of rebinned(new Array(260).fill(6), columns)) expect(value).toBeCloseTo(6, 9)
    }
  })

  it('has two bars to a character and four levels to its height', () => {
    expect(brailleBars([8, 4, 1, 0, 3, 8], linearScale(8), 2)).toEqual(['⡇ ⢸', '⣿⡀⣾'])
  })

  it('has equal steps for equal ratios on a logarithmic scale', () => {
    const values = [1, 10, 100, 1000, 0]
    const levels = values.map(
      (value) => brailleBars([value], logScale(values, 10_000), 4).join('').match(/[^ ]/g)?.length ?? 0,
    )
    expect(levels).toEqual([1, 2, 3, 4, 0])
  })

  it('shows a single count beside a high bar', () => {
    expect(brailleBars([100_000, 1], linearScale(100_000), 1)).toEqual(['⣇'])
  })
})

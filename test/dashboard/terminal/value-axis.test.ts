import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import { axisNumber, VALUE_AXIS_WIDTH, valueAxis } from '../../../src/dashboard/terminal/value-axis.js'
import { linearScale, logScale } from '../../../src/dashboard/terminal/value-scale.js'

describe('the axis of values', () => {
  it('has the top at its upper end and round numbers below', () => {
    expect(valueAxis(linearScale(200), 8).map(textOf)).toEqual([
      '  200┤',
      '     │',
      '     │',
      '     │',
      '  100┤',
      '     │',
      '     │',
      '     │',
    ])
    expect(valueAxis(linearScale(193), 10).map((line) => textOf(line).trim())).toEqual(
      ['193┤', '│', '150┤', '│', '100┤', '│', '│', '50┤', '│', '│'], //
    )
  })

  it('has powers of ten on a logarithmic scale, the lowest at the lower edge', () => {
    const rows = valueAxis(logScale([3, 20_000], 50_000), 10).map((line) => textOf(line).trim())
    expect(rows).toEqual(['50k┤', '│', '│', '1k┤', '│', '100┤', '│', '10┤', '│', '1┤'].map((text) => text))
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e12, noNaN: true }), fc.integer({ min: 2, max: 60 }), (top, height) => {
        const axis = valueAxis(logScale([top / 500, top], top), height).map(textOf)
        expect(axis.filter((text) => text.endsWith('┤')).length).toBeGreaterThanOrEqual(height > 2 ? 2 : 1)
        for (const text of axis) expect(text.length).toBe(VALUE_AXIS_WIDTH)
      }),
    )
  })

  it('writes three digits of a number', () => {
    const numbers = [0.25, 12, 999, 1000, 12_345, 999_949, 1_200_000, 3e9]
    expect(numbers.map(axisNumber)).toEqual(['0.25', '12', '999', '1k', '12.3k', '1M', '1.2M', '3G'])
  })

  it('has room for every number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e15, noNaN: true }), (value) => {
        expect(axisNumber(value).length).toBeLessThan(VALUE_AXIS_WIDTH)
      }),
    )
  })
})

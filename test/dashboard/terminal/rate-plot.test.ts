import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  curveDots,
  plotArea,
  ratePanel,
  rateScale,
  type Series,
  secondsShown,
  steadyTop,
} from '../../../src/dashboard/terminal/rate-plot.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import { linearScale } from '../../../src/dashboard/terminal/value-scale.js'

function series(curve: (number | null)[], name = '0'): Series {
  return { name, ink: Number(name), curve, present: curve.findLast((one) => one !== null) ?? undefined }
}

const steady = (rate: number) => new Array<number>(240).fill(rate)

describe('a curve', () => {
  it('runs from the oldest second at the left to now at the right, at the height of its rate', () => {
    const size = { columns: 30, rows: 5, seconds: 60, scale: linearScale(100) }
    const rates = [...new Array<number>(180).fill(999), ...Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 100))]
    const [dots, ...rest] = curveDots(rates, size)
    expect(rest).toEqual([])
    expect(dots.map(({ x }) => x)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect([dots[0].y, dots[29].y, dots[30].y, dots[59].y]).toEqual([19, 19, 0, 0])
  })

  it('is broken where a second is not known', () => {
    const size = { columns: 30, rows: 5, seconds: 60, scale: linearScale(100) }
    const rates = [...new Array<null>(50).fill(null), 1, 2, null, null, 3, null, 4, 5, 6, null]
    expect(curveDots(rates, size).map((dots) => dots.length)).toEqual([2, 1, 3])
  })

  it('stays within its area', () => {
    const rates = fc.array(fc.option(fc.double({ min: 0, max: 500, noNaN: true })), { minLength: 240, maxLength: 240 })
    fc.assert(
      fc.property(rates, fc.integer({ min: 20, max: 200 }), fc.integer({ min: 3, max: 30 }), (some, columns, rows) => {
        const seconds = secondsShown(columns)
        for (const { x, y } of curveDots(some, { columns, rows, seconds, scale: linearScale(500) }).flat()) {
          expect(x >= 0 && x < 2 * columns && y >= 0 && y < 4 * rows).toBe(true)
        }
      }),
    )
  })
})

describe('the end of the axis of rates', () => {
  it('grows at once and shrinks only when there is room to spare', () => {
    const top = steadyTop(undefined, [steady(240), steady(100)], 60)
    expect(top).toBe(250)
    expect(steadyTop(top, [steady(260)], 60)).toBe(300)
    expect(steadyTop(300, [steady(244)], 60)).toBe(300)
    expect(steadyTop(300, [steady(160)], 60)).toBe(200)
  })
})

describe('the scale of rates', () => {
  it('begins at the power of ten below the least rate that is seen, where it is logarithmic', () => {
    const curve = [...new Array<number>(180).fill(0.001), ...new Array<number>(60).fill(30)]
    const scale = { top: 500, log: true }
    expect(rateScale([curve, steady(0)], 60, scale)).toEqual({ log: true, low: 10, top: 500 })
    expect(rateScale([steady(0)], 60, { top: 1, log: true })).toEqual(linearScale(1))
    const size = { columns: 30, rows: 5, seconds: 60, scale: rateScale([curve], 60, scale) }
    const [dots] = curveDots([...new Array<number>(237).fill(0), 10, Math.sqrt(5000), 500], size)
    expect(dots.slice(-3).map(({ y }) => y)).toEqual([19, 9, 0])
  })
})

describe('the panel of rates', () => {
  const rect = { left: 0, top: 0, width: 58, height: 10 }
  const panel = (all: readonly Series[], top: number, { title = 'hits per second', height = 10 } = {}) =>
    ratePanel({ ...rect, height }, { title, series: all, scale: linearScale(top) }).map(textOf)
  const four = (rates: number[]) => rates.map((rate, i) => series(steady(rate), String(i)))

  it('has each present rate in its edge and the name of each curve where it ends', () => {
    const rows = panel(four([100, 52, 50, 0]), 100)
    expect(rows[0]).toMatch(/^┌─ hits per second ─+ 0 100 {2}1 52 {2}2 50 {2}3 0 ┐$/)
    expect(
      rows
        .slice(1, -1)
        .map((row) => row[55])
        .join(''),
    ).toBe('0  12  3')
    expect(rows[9]).toMatch(/^└─{5}┴─.*-40 s─+-20 s─+now─┘$/)
  })

  it('keeps the names apart and inside where curves end together', () => {
    for (const rate of [0, 50, 100]) {
      const rows = panel(four([rate, rate, rate, rate]), 100, { height: 7 })
      const names = rows.slice(1, -1).map((row) => row[55])
      expect(names.filter((text) => text !== ' ').join('')).toBe('0123')
    }
  })

  it('says nothing of rates that are not known', () => {
    const rows = panel(
      [0, 1, 2, 3].map((i) => series(new Array<null>(240).fill(null), String(i))),
      1,
    )
    expect(rows[0]).toMatch(/^┌─ hits per second ─+┐$/)
  })

  it('puts the labels of seconds under the dots of these seconds', () => {
    const { width } = plotArea(rect)
    const edge = panel([series(steady(1))], 1)[9].slice(7)
    const label = edge.indexOf('-40 s') + 2
    const rates = new Array<number>(240).fill(0)
    rates[240 - 40] = 1
    const size = { columns: width, rows: 8, seconds: 60, scale: linearScale(1) }
    const dot = curveDots(rates, size)[0].find(({ y }) => y === 0)
    expect(Math.abs(label - (dot?.x ?? 0) / 2)).toBeLessThanOrEqual(1)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curveDots, plotArea, ratePanel, secondsShown, steadyTop } from '../../../src/dashboard/terminal/rate-plot.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import type { ChamberView } from '../../../src/dashboard/view.js'

const drift = { counts: [], underflow: 0, overflow: 0, entries: 0, peakNs: undefined }

function chamber(rates: (number | null)[], rate = rates.findLast((one) => one !== null) ?? undefined): ChamberView {
  return { hits: 0, rate, rates, cells: [], scintillatorCells: [], multiplicity: [], drift }
}

const steady = (rate: number) => chamber(new Array<number>(240).fill(rate))

describe('a curve', () => {
  it('runs from the oldest second at the left to now at the right, at the height of its rate', () => {
    const size = { columns: 30, rows: 5, seconds: 60, top: 100 }
    const rates = [...new Array<number>(180).fill(999), ...Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 100))]
    const [dots, ...rest] = curveDots(rates, size)
    expect(rest).toEqual([])
    expect(dots.map(({ x }) => x)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect([dots[0].y, dots[29].y, dots[30].y, dots[59].y]).toEqual([19, 19, 0, 0])
  })

  it('is broken where a second is not known', () => {
    const size = { columns: 30, rows: 5, seconds: 60, top: 100 }
    const rates = [...new Array<null>(50).fill(null), 1, 2, null, null, 3, null, 4, 5, 6, null]
    expect(curveDots(rates, size).map((dots) => dots.length)).toEqual([2, 1, 3])
  })

  it('stays within its area', () => {
    const rates = fc.array(fc.option(fc.double({ min: 0, max: 500, noNaN: true })), { minLength: 240, maxLength: 240 })
    fc.assert(
      fc.property(rates, fc.integer({ min: 20, max: 200 }), fc.integer({ min: 3, max: 30 }), (some, columns, rows) => {
        const seconds = secondsShown(columns)
        for (const { x, y } of curveDots(some, { columns, rows, seconds, top: 500 }).flat()) {
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

describe('the panel of rates', () => {
  const rect = { left: 0, top: 0, width: 58, height: 10 }
  const shown = [0, 1, 2, 3]

  it('has each present rate in its edge and the number of each chamber where its curve ends', () => {
    const chambers = [steady(100), steady(52), steady(50), steady(0)]
    const rows = ratePanel(rect, { chambers, shown, top: 100 }).map(textOf)
    expect(rows[0]).toMatch(/^┌─ hits per second ─+ 0 100 {2}1 52 {2}2 50 {2}3 0 ┐$/)
    expect(
      rows
        .slice(1, -1)
        .map((row) => row[55])
        .join(''),
    ).toBe('0  12  3')
    expect(rows[9]).toMatch(/^└─{5}┴─.*-40 s─+-20 s─+now─┘$/)
  })

  it('keeps the numbers apart and inside where curves end together', () => {
    for (const rate of [0, 50, 100]) {
      const chambers = shown.map(() => steady(rate))
      const rows = ratePanel({ ...rect, height: 7 }, { chambers, shown, top: 100 }).map(textOf)
      const numbers = rows.slice(1, -1).map((row) => row[55])
      expect(numbers.filter((text) => text !== ' ').join('')).toBe('0123')
    }
  })

  it('says nothing of rates that are not known', () => {
    const chambers = shown.map(() => chamber(new Array<null>(240).fill(null)))
    const rows = ratePanel(rect, { chambers, shown, top: 1 }).map(textOf)
    expect(rows[0]).toMatch(/^┌─ hits per second ─+┐$/)
  })

  it('puts the labels of seconds under the dots of these seconds', () => {
    const { width } = plotArea(rect)
    const edge = textOf(ratePanel(rect, { chambers: [steady(1)], shown: [0], top: 1 })[9]).slice(7)
    const label = edge.indexOf('-40 s') + 2
    const rates = new Array<number>(240).fill(0)
    rates[240 - 40] = 1
    const dot = curveDots(rates, { columns: width, rows: 8, seconds: 60, top: 1 })[0].find(({ y }) => y === 0)
    expect(Math.abs(label - (dot?.x ?? 0) / 2)).toBeLessThanOrEqual(1)
  })
})

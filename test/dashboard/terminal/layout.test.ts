import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAYERS } from '../../../src/core/run-file/run-file.js'
import { healthLayout } from '../../../src/dashboard/terminal/health-layout.js'
import {
  chamberLayout,
  mapColumns,
  overviewLayout,
  type Rect,
  ratesLayout,
} from '../../../src/dashboard/terminal/layout.js'

const width = fc.integer({ min: 80, max: 400 })
const height = fc.integer({ min: 24, max: 150 })

/** How many panels cover each place between the first and the last row, as the set of numbers that occur. */
function coverage(columns: number, rows: number, rects: readonly Rect[]): Set<number> {
  const covered = new Uint8Array(columns * (rows - 2))
  for (const { left, top, width: wide, height: high } of rects)
    for (let y = top - 1; y < top - 1 + high; y++) for (let x = left; x < left + wide; x++) covered[y * columns + x]++
  return new Set(covered)
}

describe('the overview', () => {
  it('covers all but the first and the last row of any screen, and nothing twice', () => {
    fc.assert(
      fc.property(width, height, fc.integer({ min: 1, max: 4 }), (columns, rows, chambers) => {
        const { figures, rates, drift, occupancy } = overviewLayout(columns, rows, chambers)
        expect(drift.length).toBe(chambers)
        expect(coverage(columns, rows, [figures, rates, occupancy, ...drift])).toEqual(new Set([1]))
      }),
    )
  })

  it('has room for the map, its legend and every panel', () => {
    fc.assert(
      fc.property(width, height, fc.integer({ min: 1, max: 4 }), (columns, rows, chambers) => {
        const { rates, drift, occupancy, cell } = overviewLayout(columns, rows, chambers)
        expect(occupancy.height - 3).toBeGreaterThanOrEqual(chambers * LAYERS * cell.rows)
        expect(occupancy.width - 6).toBe(mapColumns(cell.columns))
        for (const one of [rates, ...drift]) {
          expect(one.width).toBeGreaterThanOrEqual(29)
          expect(one.height).toBeGreaterThanOrEqual(6)
        }
      }),
    )
  })

  it('has a strip of figures where rows are few', () => {
    expect(overviewLayout(80, 24, 4).figuresAre).toBe('strip')
    expect(overviewLayout(130, 40, 4).figuresAre).toBe('panel')
  })

  it('has larger cells on larger screens', () => {
    const cells = [overviewLayout(80, 24, 4), overviewLayout(130, 40, 4), overviewLayout(240, 67, 4)].map(
      ({ cell }) => cell,
    )
    expect(cells).toEqual([
      { columns: 1, rows: 1 },
      { columns: 2, rows: 1 },
      { columns: 4, rows: 2 },
    ])
  })
})

describe('the page of a chamber', () => {
  it('covers all but the first and the last row of any screen, and nothing twice', () => {
    fc.assert(
      fc.property(width, height, (columns, rows) => {
        const { figures, rates, drift, multiplicity, channels, occupancy, cell } = chamberLayout(columns, rows)
        const all = [figures, rates, drift, multiplicity, occupancy, ...(channels ? [channels] : [])]
        expect(coverage(columns, rows, all)).toEqual(new Set([1]))
        expect(occupancy.height - 3).toBeGreaterThanOrEqual(LAYERS * cell.rows)
        expect(figures.height - 2).toBeGreaterThanOrEqual(13)
        expect(rates.width).toBeGreaterThanOrEqual(29)
        for (const one of [drift, multiplicity]) expect(one.height).toBeGreaterThanOrEqual(7)
      }),
    )
  })

  it('has the hits by channel where each of them has a dot', () => {
    expect(chamberLayout(80, 24).channels).toBeUndefined()
    fc.assert(
      fc.property(width, height, (columns, rows) => {
        const { channels } = chamberLayout(columns, rows)
        if (channels) expect(2 * (channels.width - 8)).toBeGreaterThanOrEqual(64)
      }),
    )
  })
})

describe('the page of rates', () => {
  it('covers all but the first and the last row of any screen, and nothing twice', () => {
    fc.assert(
      fc.property(width, height, (columns, rows) => {
        const { classes, chambers } = ratesLayout(columns, rows)
        const all = [classes, chambers].flatMap(({ plot, table }) => [plot, table])
        expect(coverage(columns, rows, all)).toEqual(new Set([1]))
        for (const { height } of all) expect(height).toBeGreaterThanOrEqual(11)
      }),
    )
  })
})

describe('the page of health', () => {
  it('covers all but the first and the last row of any screen, and nothing twice', () => {
    fc.assert(
      fc.property(width, height, fc.integer({ min: 1, max: 16 }), (columns, rows, chambers) => {
        const shown = Math.min(4, chambers)
        const { alarms, edges, comparisons, map } = healthLayout(columns, rows, { chambers, shown })
        const all = [alarms, edges, ...(comparisons ? [comparisons] : []), ...(map ? [map.rect] : [])]
        expect(coverage(columns, rows, all)).toEqual(new Set([1]))
        expect(alarms.height).toBeGreaterThanOrEqual(9)
        if (map) expect(map.rect.height - 3).toBeGreaterThanOrEqual(shown * LAYERS * map.cell.rows)
      }),
    )
  })

  it('has the map, and the comparisons in a panel of their own, from 130 x 40 on', () => {
    const four = { chambers: 4, shown: 4 }
    expect(healthLayout(80, 24, four)).toMatchObject({ comparisons: undefined, map: undefined })
    expect(healthLayout(130, 40, four)).toMatchObject({
      comparisons: { left: 65 },
      map: { cell: { columns: 2, rows: 1 } },
    })
    expect(healthLayout(240, 67, four).map?.cell).toEqual({ columns: 4, rows: 2 })
  })
})

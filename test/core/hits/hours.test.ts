import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHitColumns, type HitColumns } from '../../../src/core/hits/hit-columns.js'
import { hourOfOrbit, shareByHour } from '../../../src/core/hits/hours.js'

const PER_HOUR = 3600e9 / 89_100
/** The middle of an hour. */
const within = (hour: number) => Math.floor((hour + 0.5) * PER_HOUR)
const LAST_HOUR = hourOfOrbit(2 ** 32 - 1)

function hitsOf(rows: readonly (readonly [run: number, orbit: number])[]): HitColumns {
  const hits = createHitColumns(rows.length + 5)
  for (const [run, orbit] of rows) {
    hits.run[hits.length] = run
    hits.orbit[hits.length++] = orbit
  }
  return hits
}

/** Run, hour and orbits of each share. */
function shares(rows: readonly (readonly [number, number])[]) {
  return shareByHour(hitsOf(rows)).map(({ run, hour, rows: of }) => [run, hour, Array.from(of, (i) => rows[i][1])])
}

const many = (run: number, orbit: number, count: number) =>
  Array.from({ length: count }, (_, i) => [run, orbit + i] as const)

describe('the hour of an orbit', () => {
  it('is of detector time since orbit 0', () => {
    expect([0, 40_404_040, 40_404_041, 80_808_080, 80_808_081].map(hourOfOrbit)).toEqual([0, 0, 1, 1, 2])
    expect(LAST_HOUR).toBe(106)
  })
})

describe('rows by run and hour', () => {
  it('are all there once, in their order, each in its run', () => {
    const anyRow = fc.tuple(fc.nat(2), fc.oneof(fc.nat(2 ** 32 - 1), fc.integer({ min: within(3), max: within(5) })))
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 200 }), (rows) => {
        const found = shareByHour(hitsOf(rows))
        const all = found.flatMap(({ rows: of }) => [...of])
        expect(all.toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i))
        for (const { run, rows: of } of found) {
          expect([...of]).toEqual([...of].sort((a, b) => a - b))
          expect(of.length).toBeGreaterThan(0)
          for (const i of of) expect(rows[i][0]).toBe(run)
        }
        expect(new Set(found.map(({ run, hour }) => `${run}/${hour}`)).size).toBe(found.length)
      }),
    )
  })

  it('are cut to the row where an hour ends, however few there are of one', () => {
    const end = 40_404_041
    expect(shares(many(0, end - 2, 500)).map(([, hour, rows]) => [hour, (rows as number[]).length])).toEqual([
      [0, 2],
      [1, 498],
    ])
  })

  it('go past the wrap of the counter', () => {
    const rows = [...many(0, 2 ** 32 - 3, 3), ...many(0, 0, 50)]
    expect(shares(rows).map(([, hour, of]) => [hour, (of as number[]).length])).toEqual([
      [LAST_HOUR, 3],
      [0, 50],
    ])
  })

  it('of an absurd orbit go with the row before', () => {
    const rows = [...many(1, within(7), 60), [1, within(90)] as const, [1, 12] as const, ...many(1, within(7) + 60, 60)]
    expect(shares(rows)).toEqual([[1, 7, rows.map(([, orbit]) => orbit)]])
  })

  it('of an absurd orbit at the beginning go with the first that is none', () => {
    const rows = [[0, within(50)] as const, ...many(0, within(7), 10)]
    expect(shares(rows)).toEqual([[0, 7, rows.map(([, orbit]) => orbit)]])
  })

  it('of several hours of a fast replay, and of several runs, have each a share', () => {
    const rows = [...many(0, within(2), 30), ...many(0, within(3), 30), ...many(0, within(9), 30), ...many(1, 5, 3)]
    expect(shares(rows).map(([run, hour]) => [run, hour])).toEqual([
      [0, 2],
      [0, 3],
      [0, 9],
      [1, 0],
    ])
  })
})

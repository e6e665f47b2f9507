import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsOf, expectExact, firstThree, foldOf, foldText, oracleOf, take } from '../../support/lane.js'
import type { Counts } from '../../support/oracle.js'
import { denseRows, isEvent, type StreamRow, seeded, textOf } from '../../support/stream.js'

const TWO_32 = 2 ** 32
const RUNS = { numRuns: 40 }
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyOrbits = fc.integer({ min: 1, max: 300 })

/** A hit of its own orbit, far off in time: no good row's, and none twice. */
function absurdRow(good: StreamRow[], seed: number, i: number): StreamRow {
  const span = (good.at(-1)?.at ?? 0) - good[0].at
  const away = 2 ** 21 + span + Math.floor(seeded(seed + i)() * (TWO_32 - 2 ** 22 - 2 * span))
  const orbit = (good[0].orbit + away) % TWO_32
  return { text: `2,0,${i % 128},${orbit},1,1`, run: 0, at: 0, orbit }
}

/** Puts `group` absurd rows in a row before some of the good ones. */
function withAbsurd(good: StreamRow[], group: number, seed: number): StreamRow[] {
  const random = seeded(seed)
  let count = 0
  return good.flatMap((row, i) => {
    const afterEvent = i > 0 && isEvent(good[i - 1])
    if (!afterEvent || random() > 0.05) return [row]
    return [...Array.from({ length: group }, () => absurdRow(good, seed, count++)), row]
  })
}

function withoutOrbits(counts: Counts, others: StreamRow[]): Counts['active_tdc_chamber'] {
  const drop = new Set(others.map(({ orbit }) => orbit))
  return Object.fromEntries(
    Object.entries(counts.active_tdc_chamber ?? {}).map(([chamber, { bin_edges, hist_counts }]) => {
      const kept = bin_edges.map((edge, i) => ({ edge, count: hist_counts[i] })).filter(({ edge }) => !drop.has(edge))
      return [chamber, { bin_edges: kept.map(({ edge }) => edge), hist_counts: kept.map(({ count }) => count) }]
    }),
  )
}

describe('absurd orbits', () => {
  it.each([1, 2])('%i in a row move nothing and harm no good row', (group) => {
    fc.assert(
      fc.property(anySeed, anyOrbits, (seed, orbits) => {
        const good = denseRows(seed, orbits)
        const rows = withAbsurd(good, group, seed)
        const absurd = rows.filter((row) => !good.includes(row))
        const fold = foldOf(rows)
        expect(fold.watermark).toBe(foldOf(good).watermark)
        fold.end()
        const result = take(fold)
        const counts = countsOf(result)
        const expected = oracleOf(good)
        expect(firstThree(counts)).toEqual(firstThree(oracleOf(rows)))
        expect(withoutOrbits(counts, absurd)).toEqual(expected.active_tdc_chamber)
        expect(counts.tdc_counts_scintillator_chamber).toEqual(expected.tdc_counts_scintillator_chamber)
        expect(counts.drift_time_chamber).toEqual(expected.drift_time_chamber)
        expect(result.rows.late).toBeLessThanOrEqual(absurd.length)
        expect(counts.orbit_count).toBe(expected.orbit_count + absurd.length - result.rows.late)
        expect(result.orbits.run).toBe(0)
      }),
      { numRuns: 80 },
    )
  })

  it('that the time comes to later wait for it', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, (seed, orbits) => {
        const random = seeded(seed)
        const good = denseRows(seed, orbits)
        // three that wait within the grace would be followed: they are not absurd any more
        let left = 2
        const rows = good.flatMap((row, i) => {
          if (i === 0 || !isEvent(good[i - 1]) || random() > 0.03 || left-- <= 0) return [row]
          const orbit = (row.orbit + 2000 + Math.floor(random() * random() * 1e6)) % TWO_32
          return [{ ...row, orbit, text: `2,1,7,${orbit},5,5` }, row]
        })
        expect(foldOf(rows).watermark).toBe(foldOf(good).watermark)
        expectExact(foldText(textOf(rows)), oracleOf(rows))
      }),
      { numRuns: 80 },
    )
  })

  it('as the very first row delays nothing', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 20, max: 300 }), (seed, orbits) => {
        const good = denseRows(seed, orbits)
        const rows = [absurdRow(good, seed, 0), ...good]
        const fold = foldOf(rows)
        expect(fold.watermark).toBe(foldOf(good).watermark)
        fold.end()
        const result = take(fold)
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(0)
      }),
      RUNS,
    )
  })

  it('a thousand rows of one orbit are still one absurd orbit', () => {
    const good = denseRows(1, 100)
    const hit = absurdRow(good, 1, 0)
    const signal = { ...hit, text: `2,1,128,${hit.orbit},1,1` }
    const rows = [...good.slice(0, 50), ...Array(999).fill(hit), signal, ...good.slice(50)]
    const fold = foldOf(rows)
    expect(fold.watermark).toBe(foldOf(good).watermark)
    fold.end()
    const result = take(fold)
    expect(result.rows.late).toBe(1000)
    expect(countsOf(result)).toEqual({ ...oracleOf(good), ...firstThree(oracleOf(rows)) })
  })

  it('of rows that are no events move nothing either', () => {
    const good = denseRows(1, 100)
    const others = ['4,0,0,1,0,-0.573730', '2,1,138,77,1,1', '2,200,5,88,1,1', '2,0,512,99,1,1', '0,0,31,123456,1,1']
    const rows = good.flatMap((row) => [row, ...others.map((text) => ({ ...row, text }))])
    expect(foldOf(rows).watermark).toBe(foldOf(good).watermark)
    expectExact(foldText(textOf(rows)), oracleOf(rows))
  })
})

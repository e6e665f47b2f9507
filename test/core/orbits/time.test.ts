import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { expectExact, foldOf, foldOptions, foldText, GRACE, oracleOf, parseAll, take } from '../../support/lane.js'
import { denseRows, isEvent, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

const TWO_32 = 2 ** 32
const RUNS = { numRuns: 40 }
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyOrbits = fc.integer({ min: 1, max: 300 })

describe('the counter’s wrap at 2^32', () => {
  it('is no event', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, fc.integer({ min: 0, max: 50_000 }), (seed, orbits, before) => {
        const rows = denseRows(seed, orbits, TWO_32 - before)
        const result = foldText(textOf(rows))
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(0)
      }),
      RUNS,
    )
  })
})

describe('a restart of the counter', () => {
  const anyRestart = fc.record({
    seed: anySeed,
    orbits: fc.integer({ min: 20, max: 200 }),
    mixed: fc.integer({ min: 0, max: 8 }),
  })

  function rowsOfTwoRuns(seed: number, orbits: number, mostApart: number): [StreamRow[], StreamRow[]] {
    const random = seeded(seed)
    const end = { start: 3e9 + Math.floor(random() * 1e9), mostApart }
    const beginning = { start: Math.floor(random() * 1e6), mostApart, run: 1 }
    return [stream({ seed, orbits: 100, ...end }), stream({ seed: seed + 1, orbits, ...beginning })]
  }

  /** The last rows of one run and the first of the next, as many of each, in random order. */
  function mixedRows(old: StreamRow[], fresh: StreamRow[], count: number, seed: number): StreamRow[] {
    const random = seeded(seed)
    const mixture = [...old.slice(old.length - count), ...fresh.slice(0, count)]
    const order = mixture.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key)
    return [...old.slice(0, old.length - count), ...order.map(({ row }) => row), ...fresh.slice(count)]
  }

  it.each([1, 20, 300])('is followed, some rows of both runs mixed around it, orbits %i apart', (mostApart) => {
    fc.assert(
      fc.property(anyRestart, ({ seed, orbits, mixed }) => {
        const rows = mixedRows(...rowsOfTwoRuns(seed, orbits, mostApart), mixed, seed)
        const result = foldText(textOf(rows))
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(1)
      }),
      RUNS,
    )
  })

  it.each([2000, 20_000, 1e6])('is followed in a sparse lane, orbits %d apart', (mostApart) => {
    fc.assert(
      fc.property(anyRestart, ({ seed, orbits }) => {
        const rows = rowsOfTwoRuns(seed, orbits, mostApart).flat()
        const result = foldText(textOf(rows))
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(1)
      }),
      RUNS,
    )
  })

  it('may show first in a single row, before a gap of the run that ends', () => {
    for (const end of [1e9, 3e9, 4e9]) {
      const orbits = [end, end + 1, 50, end + 20_000, end + 40_000, end + 40_001, 50, 51, 52, 53, 54, 5000, 5001]
      const rows = orbits.map((orbit, i) => ({ text: `2,0,${i},${orbit},1,1`, run: Number(orbit < 1e6), at: 0, orbit }))
      expectExact(foldText(textOf(rows)), oracleOf(rows))
    }
  })

  it('into orbits of the run before counts them as another run’s', () => {
    const first = denseRows(1, 300, 5_000_000)
    const second = denseRows(2, 300, 4_900_000).map((row) => ({ ...row, run: 1 }))
    expectExact(foldText(textOf([...first, ...second])), oracleOf([...first, ...second]))
  })
})

describe('a gap', () => {
  it.each([1e4, 1e6, 1e8, 2e9])('of %d orbits is followed', (gap) => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 3, max: 200 }), (seed, orbits) => {
        const start = Math.floor(seeded(seed)() * 1e9)
        const before = denseRows(seed, 100, start)
        const rows = [...before, ...denseRows(seed + 1, orbits, (before.at(-1)?.orbit ?? 0) + gap)]
        const result = foldText(textOf(rows))
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(0)
      }),
      RUNS,
    )
  })
})

describe('a sparse lane', () => {
  it.each([1e3, 1e4, 1e5, 1e6, 5e6])('with a hit every %d orbits loses none', (apart) => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 300 }), (seed, orbits) => {
        // beyond some distance a wrap looks like a restart
        const start = Math.floor(seeded(seed)() * (apart > 1e6 ? 1e9 : TWO_32))
        const ordered = stream({ seed, orbits, start, mostApart: apart, leastApart: apart / 2 })
        const rows = shuffledWithin(GRACE, ordered, seed)
        expectExact(foldText(textOf(rows)), oracleOf(rows))
      }),
      RUNS,
    )
  })
})

describe('an end mark', () => {
  it('makes the same rows again another run', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, fc.integer({ min: 2, max: 4 }), (seed, orbits, times) => {
        const once = denseRows(seed, orbits)
        const { columns, length } = parseAll(textOf(once))
        const fold = new LaneFold(foldOptions())
        for (let run = 0; run < times; run++) {
          fold.fold(columns, 0, length)
          fold.end()
          expect(fold.openOrbits).toBe(0)
          expect(fold.run).toBe(once.some(isEvent) ? run : 0)
        }
        const all = Array.from({ length: times }, (_, run) => once.map((row) => ({ ...row, run }))).flat()
        expectExact(take(fold), oracleOf(all))
      }),
      RUNS,
    )
  })
})

describe('an end mark after idle times', () => {
  it('leaves no orbit closed for the next run', () => {
    const fold = foldOf([1_000_000, 1_005_000].map((orbit) => ({ text: `2,0,1,${orbit},1,1`, run: 0, at: 0, orbit })))
    fold.closeIdle()
    fold.end()
    fold.fold(parseAll('2,0,1,1005000,1,1').columns, 0, 1)
    fold.end()
    const result = take(fold)
    expect([result.rows.late, result.orbits.count]).toEqual([0, 3])
  })
})

describe('the watermark', () => {
  it('is the last closed orbit with all before it', () => {
    expect(foldOf([]).watermark).toBeNull()
    const rows = [5000, 5001, 6000].map((orbit) => ({ text: `2,0,1,${orbit},1,1`, run: 0, at: orbit, orbit }))
    const fold = foldOf(rows)
    expect(fold.watermark).toBe(6000 - GRACE)
    expect(fold.openOrbits).toBe(3)
    fold.closeIdle()
    expect(fold.watermark).toBe(6000)
    fold.end()
    expect(fold.watermark).toBe(6000)
  })

  it('is none before orbit 0 can be closed, and wraps with the counter', () => {
    const at = (orbit: number) => ({ text: `2,0,1,${orbit},1,1`, run: 0, at: orbit, orbit })
    expect(foldOf([at(100)]).watermark).toBeNull()
    expect(foldOf([at(TWO_32 - 500), at(300)]).watermark).toBe(TWO_32 + 300 - GRACE)
  })
})

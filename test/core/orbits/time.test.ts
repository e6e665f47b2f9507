import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { countsOf, expectExact, firstThree, foldOptions, foldText, GRACE, parseAll, take } from '../../support/lane.js'
import { type Counts, Oracle } from '../../support/oracle.js'
import { randomCuts, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

const TWO_32 = 2 ** 32
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyOrbits = fc.integer({ min: 1, max: 300 })

function oracleOf(rows: StreamRow[]): Counts {
  const oracle = new Oracle()
  for (const { text, run } of rows) oracle.add(text, run)
  return oracle.counts()
}

/** Rows near each other in time, as a detector gives them. */
function denseRows(seed: number, orbits: number, start = Math.floor(seeded(seed)() * TWO_32)): StreamRow[] {
  return shuffledWithin(500, stream({ seed, orbits, start, mostApart: 300 }), seed)
}

function isEvent({ text }: StreamRow): boolean {
  return text.startsWith('2,') && !/^2,1,13\d/.test(text)
}

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

function foldOf(rows: StreamRow[]): LaneFold {
  const fold = new LaneFold(foldOptions())
  const { columns, length } = parseAll(textOf(rows))
  fold.fold(columns, 0, length)
  fold.sweep()
  return fold
}

describe('the counter’s wrap at 2^32', () => {
  it('is no event', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, fc.integer({ min: 0, max: 50_000 }), (seed, orbits, before) => {
        const rows = denseRows(seed, orbits, TWO_32 - before)
        const result = foldText(textOf(rows))
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(0)
      }),
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
    )
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
    )
  })
})

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
      { numRuns: 200 },
    )
  })

  it('that the time comes to later wait for it', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, (seed, orbits) => {
        const random = seeded(seed)
        const good = denseRows(seed, orbits)
        const rows = good.flatMap((row, i) => {
          if (i === 0 || !isEvent(good[i - 1]) || random() > 0.03) return [row]
          const orbit = (row.orbit + 2000 + Math.floor(random() * random() * 1e6)) % TWO_32
          return [{ ...row, orbit, text: `2,1,7,${orbit},5,5` }, row]
        })
        expect(foldOf(rows).watermark).toBe(foldOf(good).watermark)
        expectExact(foldText(textOf(rows)), oracleOf(rows))
      }),
      { numRuns: 200 },
    )
  })

  it('as the very first row delays nothing', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 3, max: 300 }), (seed, orbits) => {
        const good = denseRows(seed, orbits)
        const rows = [absurdRow(good, seed, 0), ...good]
        const fold = foldOf(rows)
        expect(fold.watermark).toBe(foldOf(good).watermark)
        fold.end()
        const result = take(fold)
        expectExact(result, oracleOf(rows))
        expect(result.orbits.run).toBe(0)
      }),
    )
  })

  it('a thousand rows of one orbit are still one absurd orbit', () => {
    const good = denseRows(1, 100)
    const rows = [...good.slice(0, 50), ...Array(1000).fill(absurdRow(good, 1, 0)), ...good.slice(50)]
    const fold = foldOf(rows)
    expect(fold.watermark).toBe(foldOf(good).watermark)
    fold.end()
    expect(firstThree(countsOf(take(fold)))).toEqual(firstThree(oracleOf(rows)))
  })

  it('of rows that are no events move nothing either', () => {
    const good = denseRows(1, 100)
    const others = ['4,0,0,1,0,-0.573730', '2,1,138,77,1,1', '2,200,5,88,1,1', '2,0,512,99,1,1', '0,0,31,123456,1,1']
    const rows = good.flatMap((row) => [row, ...others.map((text) => ({ ...row, text }))])
    expect(foldOf(rows).watermark).toBe(foldOf(good).watermark)
    expectExact(foldText(textOf(rows)), oracleOf(rows))
  })
})

describe('a sparse lane', () => {
  it.each([1e3, 1e4, 1e5, 1e6])('with a hit every %d orbits loses none', (apart) => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 300 }), (seed, orbits) => {
        const start = Math.floor(seeded(seed)() * TWO_32)
        const ordered = stream({ seed, orbits, start, mostApart: apart, leastApart: apart / 2 })
        const rows = shuffledWithin(GRACE, ordered, seed)
        expectExact(foldText(textOf(rows)), oracleOf(rows))
      }),
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
    )
  })
})

describe('idle times', () => {
  const anyLane = fc.record({ seed: anySeed, orbits: anyOrbits, mostApart: fc.constantFrom(1, 300, 5000, 100_000) })

  it('close all; results 1 to 3 stay exact, and all of them where no row is late', () => {
    let exact = 0
    fc.assert(
      fc.property(anyLane, fc.constantFrom(5, 100, 1000), ({ seed, orbits, mostApart }, most) => {
        const start = Math.floor(seeded(seed)() * TWO_32)
        const rows = shuffledWithin(100, stream({ seed, orbits, start, mostApart }), seed)
        const { columns, length } = parseAll(textOf(rows))
        const fold = new LaneFold(foldOptions())
        let from = 0
        for (const to of randomCuts(length, most, seed)) {
          fold.fold(columns, from, to)
          fold.closeIdle()
          expect(fold.openOrbits).toBe(0)
          from = to
        }
        const result = take(fold)
        const oracle = oracleOf(rows)
        expect(firstThree(countsOf(result))).toEqual(firstThree(oracle))
        if (result.rows.late > 0) return
        exact++
        expectExact(result, oracle)
      }),
      { numRuns: 300 },
    )
    expect(exact).toBeGreaterThan(50)
  })

  it('between the rows of an orbit make the later ones late', () => {
    for (const orbit of [5_000_000, 5_003_000, 6_000_000, 3_000_000_000]) {
      const first = ['2,0,1,5000000,1,1', `2,0,2,${orbit},2,2`]
      const second = [`2,1,3,${orbit},3,3`, `2,1,128,${orbit},1,0`, `2,1,3,${orbit},4,4`]
      const fold = new LaneFold(foldOptions())
      for (const texts of [first, second]) {
        const { columns, length } = parseAll(texts.join('\n'))
        fold.fold(columns, 0, length)
        fold.closeIdle()
      }
      const result = take(fold)
      const all = new Oracle().addAll([...first, ...second]).counts()
      expect(firstThree(countsOf(result))).toEqual(firstThree(all))
      expect(result.rows.late).toBe(3)
      expect(countsOf(result).active_tdc_chamber).toEqual(new Oracle().addAll(first).counts().active_tdc_chamber)
    }
  })
})

describe('late rows', () => {
  it('are counted in results 1 to 3 and as late, and change nothing else', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 30, max: 300 }), (seed, orbits) => {
        const random = seeded(seed)
        const onTime = stream({ seed, orbits, start: Math.floor(random() * TWO_32), mostApart: 300 })
        const late: StreamRow[] = []
        const rows = onTime.flatMap((row) => {
          const behind = GRACE + Math.floor(random() * 60_000)
          const orbit = (row.orbit + TWO_32 - behind) % TWO_32
          if (!isEvent(row) || random() > 0.1) return [row]
          late.push({ ...row, orbit, text: row.text.replace(`,${row.orbit},`, `,${orbit},`) })
          return [row, late[late.length - 1]]
        })
        const result = foldText(textOf(rows))
        const expected = oracleOf(onTime)
        expect(result.rows.late).toBe(late.length)
        expect(countsOf(result)).toEqual({ ...expected, ...firstThree(oracleOf(rows)) })
      }),
      { numRuns: 200 },
    )
  })

  it('begin just where the grace ends', () => {
    const time = 1_000_000
    const isLate = (orbit: number) => foldText(`2,0,1,${time},1,1\n2,0,2,${orbit},1,1\n`).rows.late === 1
    expect(isLate(time - GRACE + 1)).toBe(false)
    expect(isLate(time - GRACE)).toBe(true)
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

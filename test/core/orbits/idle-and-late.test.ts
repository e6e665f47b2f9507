import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import {
  countsOf,
  expectExact,
  expectSame,
  firstThree,
  foldOptions,
  foldText,
  GRACE,
  oracleOf,
  parseAll,
  take,
} from '../../support/lane.js'
import { Oracle } from '../../support/oracle.js'
import { isEvent, randomCuts, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

const TWO_32 = 2 ** 32
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyOrbits = fc.integer({ min: 1, max: 300 })

describe('idle times', () => {
  const anyLane = fc.record({ seed: anySeed, orbits: anyOrbits, mostApart: fc.constantFrom(1, 300, 5000, 100_000) })

  /** Folds the rows, closing all at each of the cuts. */
  function foldWithPauses(rows: StreamRow[], cuts: number[]) {
    const { columns } = parseAll(textOf(rows))
    const fold = new LaneFold(foldOptions())
    for (const [i, to] of cuts.entries()) {
      fold.fold(columns, i === 0 ? 0 : cuts[i - 1], to)
      fold.closeIdle()
      expect(fold.openOrbits).toBe(0)
    }
    return take(fold)
  }

  it('anywhere make just those rows late whose orbits they have closed', () => {
    fc.assert(
      fc.property(anySeed, anyOrbits, fc.constantFrom(5, 100, 1000), (seed, orbits, most) => {
        const start = Math.floor(seeded(seed)() * TWO_32)
        const rows = shuffledWithin(100, stream({ seed, orbits, start, mostApart: 300 }), seed)
        const cuts = randomCuts(rows.length, most, seed)
        const onTime: StreamRow[] = []
        let closedTo = Number.NEGATIVE_INFINITY
        let highest = Number.NEGATIVE_INFINITY
        for (const [i, row] of rows.entries()) {
          if (cuts.includes(i)) closedTo = highest
          if (isEvent(row)) highest = Math.max(highest, row.at)
          if (!isEvent(row) || row.at > closedTo) onTime.push(row)
        }
        const result = foldWithPauses(rows, cuts)
        expect(result.rows.late).toBe(rows.length - onTime.length)
        expectSame(countsOf(result), { ...oracleOf(onTime), ...firstThree(oracleOf(rows)) })
      }),
      { numRuns: 80 },
    )
  })

  it('between orbits change nothing', () => {
    fc.assert(
      fc.property(anyLane, fc.constantFrom(5, 100, 1000), ({ seed, orbits, mostApart }, most) => {
        const start = Math.floor(seeded(seed)() * TWO_32)
        const rows = stream({ seed, orbits, start, mostApart })
        const ends = randomCuts(rows.length, most, seed).filter((end) => rows[end]?.orbit !== rows[end - 1].orbit)
        expectExact(foldWithPauses(rows, ends), oracleOf(rows))
      }),
      { numRuns: 80 },
    )
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

  it('make late what comes of a stray orbit, also when the time has come to it', () => {
    const before = ['2,0,1,5000000,1,1', '2,0,2,5003000,2,2']
    const after = [
      '2,0,1,5001000,1,1',
      '2,0,1,5002000,1,1',
      '2,0,3,5003000,3,3',
      '2,1,128,5003000,1,0',
      '2,0,1,5003001,1,1',
    ]
    const rows = [...before, ...after].map((text) => ({ text, run: 0, at: 0, orbit: 0 }))
    const result = foldWithPauses(rows, [before.length, rows.length])
    const onTime = rows.filter((_, i) => i !== 4 && i !== 5)
    expect(result.rows.late).toBe(2)
    expectSame(countsOf(result), { ...oracleOf(onTime), ...firstThree(oracleOf(rows)) })
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
      { numRuns: 80 },
    )
  })

  it('of the run before begin where its own grace ended', () => {
    const before = [3_000_000_000, 3_000_000_500]
    const after = [1000, 1001, 1002, 1003]
    const textWith = (straggler: number) =>
      [...before, ...after, straggler].map((orbit) => `2,0,1,${orbit},1,1`).join('\n')
    expect(foldText(textWith(3_000_000_500 - GRACE + 1)).rows.late).toBe(0)
    expect(foldText(textWith(3_000_000_500 - GRACE)).rows.late).toBe(1)
  })

  it('begin just where the grace ends', () => {
    const time = 1_000_000
    const isLate = (orbit: number) => foldText(`2,0,1,${time},1,1\n2,0,2,${orbit},1,1\n`).rows.late === 1
    expect(isLate(time - GRACE + 1)).toBe(false)
    expect(isLate(time - GRACE)).toBe(true)
  })
})

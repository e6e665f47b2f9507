import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Checkpoints } from '../../../src/core/orbits/checkpoints.js'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { OrbitClock } from '../../../src/core/orbits/orbit-clock.js'
import { foldOptions, GRACE, parseAll, take } from '../../support/lane.js'
import { isEvent, randomCuts, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

const CLOCK = new OrbitClock(GRACE, 4).state()
/** Rows between two checkpoints at least. */
const ROWS_APART = 64
const MOST_CHECKPOINTS = 1024

describe('where a lane is read again from', () => {
  const anyLane = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    orbits: fc.integer({ min: 1, max: 600 }),
    mostApart: fc.constantFrom(1, 10, 100, 900),
    batch: fc.constantFrom(1, 10, 200),
  })

  it('is never beyond the first row of an open orbit, and not far before it', () => {
    fc.assert(
      fc.property(anyLane, ({ seed, orbits, mostApart, batch }) => {
        const random = seeded(seed)
        const rows = shuffledWithin(500, stream({ seed, orbits, start: 1_000_000, mostApart }), seed)
        const { columns } = parseAll(textOf(rows))
        const fold = new LaneFold(foldOptions())
        let from = 0
        for (const to of randomCuts(rows.length, batch, seed)) {
          fold.beginBatch(from)
          fold.fold(columns, from, to)
          from = to
          if (random() > 0.1 || fold.watermark === null) continue
          fold.sweep()
          const closedTo = fold.watermark
          const { resumeOffset, nextOffset, clock } = fold.state(to)
          // the hits of strays are saved
          const saved = clock.strays.map(({ orbit }) => orbit)
          const isOpen = (row: StreamRow) => isEvent(row) && row.orbit > closedTo && !saved.includes(row.orbit)
          const firstOpen = rows.findIndex(isOpen)
          expect(nextOffset).toBe(to)
          if (firstOpen >= 0) expect(resumeOffset).toBeLessThanOrEqual(firstOpen)
          expect(resumeOffset).toBeGreaterThan((firstOpen < 0 ? to : firstOpen) - ROWS_APART - batch)
        }
      }),
    )
  })

  it('is where it has read to when no orbit is open', () => {
    const fold = new LaneFold(foldOptions())
    expect(fold.state(17)).toMatchObject({ resumeOffset: 17, nextOffset: 17 })
    fold.beginBatch(17)
    fold.fold(parseAll('2,0,1,5,1,1\n2,0,1,6,1,1\n').columns, 0, 2)
    expect(fold.state(19).resumeOffset).toBe(17)
    fold.closeIdle()
    expect(fold.state(19).resumeOffset).toBe(19)
    fold.beginBatch(19)
    fold.fold(parseAll('2,0,1,7,1,1\n').columns, 0, 1)
    expect(fold.state(20).resumeOffset).toBe(19)
  })

  it('does not stay at a stray orbit’s row: its hits are saved with the time', () => {
    const stray = 1_500_000
    const orbits = [1_000_000, stray, ...Array.from({ length: 1000 }, (_, i) => 1_000_001 + 1000 * i)]
    const rows = orbits.map((orbit) => `2,0,1,${orbit},1,1`)
    const { columns } = parseAll(rows.join('\n'))
    const fold = new LaneFold(foldOptions())
    let resumed: LaneFold | undefined
    for (let i = 0; i < rows.length; i++) {
      fold.beginBatch(i)
      fold.fold(columns, i, i + 1)
      resumed?.beginBatch(i)
      resumed?.fold(columns, i, i + 1)
      fold.sweep()
      const state = fold.state(i + 1)
      if (i > 100) expect(state.resumeOffset).toBeGreaterThan(i - ROWS_APART - 5)
      if (i !== 200) continue
      resumed = new LaneFold(foldOptions(), JSON.parse(JSON.stringify(state)))
      resumed.beginBatch(state.resumeOffset)
      resumed.fold(columns, state.resumeOffset, i + 1)
      resumed.startCounting()
      take(fold)
    }
    fold.end()
    resumed?.end()
    const result = take(fold)
    expect(result.rows.late).toBe(0)
    expect(resumed && take(resumed)).toEqual(result)
    expect(result.active_tdc_chamber?.['0'].bin_edges).toContain(stray)
  })
})

describe('checkpoints', () => {
  it('are not due for every batch of a few rows', () => {
    const checkpoints = new Checkpoints()
    const due: number[] = []
    for (let offset = 0; offset < 300; offset += 10) {
      if (checkpoints.isDue) {
        checkpoints.add(offset, CLOCK, 1)
        due.push(offset)
      }
      checkpoints.passed(10)
    }
    expect(due).toEqual([0, 70, 140, 210, 280])
  })

  it('stay few while one orbit is open for ever, and lead to it or before any later one', () => {
    const checkpoints = new Checkpoints()
    const offsetOf = [Number.NaN]
    let most = 0
    for (let offset = 0; offset < 100_000; offset++) {
      checkpoints.add(offset, CLOCK, 1)
      offsetOf[checkpoints.mark] = offset
      most = Math.max(most, checkpoints.count)
    }
    expect(most).toBeLessThanOrEqual(MOST_CHECKPOINTS)
    for (const mark of [1, 2, 50_000, 99_999, 100_000]) {
      expect(checkpoints.resume(mark)?.offset).toBeLessThanOrEqual(offsetOf[mark])
    }
    expect(checkpoints.resume(100_000)?.offset).toBe(99_999)
    expect(checkpoints.resume(undefined)).toBeUndefined()
    expect(checkpoints.count).toBe(1)
  })

  it('refuse to lose an orbit that was opened outside of any batch', () => {
    const fold = new LaneFold(foldOptions())
    fold.fold(parseAll('2,0,1,5,1,1\n').columns, 0, 1)
    expect(() => fold.state(1)).toThrow('no batch had begun')
  })
})

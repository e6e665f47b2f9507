import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CELLS, DEFAULT_RUN, driftBinCount } from '../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../src/dashboard/model.js'
import { ExpectedError } from '../../src/errors.js'
import { evenCells, result, runOf, T0, timeBox } from './made-up.js'

const BINS = driftBinCount(DEFAULT_RUN.drift_time)
const CUMULATIVE = { window: 'cumulative' } as const
const MINUTE = { window: 60 } as const
const count = fc.integer({ min: 0, max: 1_000_000 })

/** A few cells and bins of each chamber with counts in them. */
const counts = fc.record({
  cells: fc.array(sparseArray(CELLS), { minLength: 4, maxLength: 4 }),
  scintillatorCells: fc.array(sparseArray(CELLS), { minLength: 4, maxLength: 4 }),
  multiplicity: fc.array(sparseArray(CELLS), { minLength: 4, maxLength: 4 }),
  drift: fc.array(sparseArray(BINS), { minLength: 4, maxLength: 4 }),
  rows: fc.record({
    read: count,
    scintillator: count,
    ancillary: count,
    unmapped: count,
    malformed: count,
    late: count,
  }),
  underflow: count,
  overflow: count,
})

function sparseArray(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.tuple(fc.nat(length - 1), count), { maxLength: 5 }).map((entries) => {
    const array = new Array<number>(length).fill(0)
    for (const [index, value] of entries) array[index] = value
    return array
  })
}

function sumOf(arrays: readonly (readonly number[])[], length: number): number[] {
  return Array.from({ length }, (_, i) => arrays.reduce((sum, array) => sum + array[i], 0))
}

describe('the sum of results', () => {
  it('is that of each cell, bin and class of rows', () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 8 }), (all) => {
        const model = new DashboardModel(DEFAULT_RUN)
        all.forEach((made, i) => {
          expect(model.add(result({ ...made, lane: i % 3, from: i, to: i + 1 }), T0)).toBe('added')
        })
        for (const window of ['cumulative', 10, 60, 300] as const) {
          const view = model.view(T0, { window })
          expect(view.results).toBe(all.length)
          for (const name of ['read', 'scintillator', 'ancillary', 'unmapped', 'malformed', 'late'] as const)
            expect(view.rows[name]).toBe(all.reduce((sum, { rows }) => sum + rows[name], 0))
          view.chambers.forEach((chamber, c) => {
            for (const name of ['cells', 'scintillatorCells', 'multiplicity'] as const) {
              const arrays = all.map((made) => made[name][c])
              expect(chamber[name], name).toEqual(sumOf(arrays, CELLS))
            }
            expect(chamber.hits).toBe(chamber.cells.reduce((a, b) => a + b, 0))
            expect(chamber.drift.counts).toEqual(
              sumOf(
                all.map(({ drift }) => drift[c]),
                BINS,
              ),
            )
            expect(chamber.drift.entries).toBe(chamber.drift.counts.reduce((a, b) => a + b, 0))
            expect(chamber.drift.underflow).toBe(all.reduce((sum, { underflow }) => sum + underflow, 0))
            expect(chamber.drift.overflow).toBe(all.reduce((sum, { overflow }) => sum + overflow, 0))
          })
        }
        expect(model.toResult('watch')?.rows.read).toBe(
          all.length > 0
            ? sumOf(
                all.map((m) => [m.rows.read]),
                1,
              )[0]
            : undefined,
        )
      }),
      { numRuns: 50 },
    )
  })

  it('leaves out what repeats, and says how often', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    const one = result({ cells: [evenCells(1)], from: 0, to: 10 })
    expect(model.add(one, T0)).toBe('added')
    expect(model.add(one, T0)).toBe('repeated')
    expect(model.add(result({ cells: [evenCells(1)], from: 9, to: 12 }), T0)).toBe('repeated')
    for (const window of [CUMULATIVE, MINUTE]) {
      expect(model.view(T0, window)).toMatchObject({ results: 1, repeated: 2, rows: { hits: 64 } })
    }
  })

  it('counts the holes in the chains, which may close later', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    model.add(result({ from: 0, to: 10 }), T0)
    model.add(result({ from: 20, to: 30 }), T0)
    expect(model.view(T0, CUMULATIVE).gaps).toBe(1)
    model.add(result({ from: 10, to: 20 }), T0)
    expect(model.view(T0, CUMULATIVE).gaps).toBe(0)
  })

  it('refuses results of another run file', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    expect(() => model.add(result({ run: runOf(3) }), T0)).toThrow(ExpectedError)
    expect(model.view(T0, CUMULATIVE)).toMatchObject({ results: 0, state: 'waiting' })
  })
})

describe('the last seconds', () => {
  it('hold the results whose interval ended in them', () => {
    const step = fc.record({ pass: fc.nat(40_000), age: fc.nat(400_000), hits: fc.nat(50) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new DashboardModel(DEFAULT_RUN)
        const seconds: { second: number; hits: number }[] = []
        let now = T0
        steps.forEach(({ pass, age, hits }, i) => {
          now += pass
          const endMs = now - age
          model.add(
            result({ from: i, to: i + 1, startMs: endMs - 1000, endMs, cells: [evenCells(0, { 5: hits })] }),
            now,
          )
          seconds.push({ second: Math.floor(endMs / 1000), hits })
          for (const window of [10, 60, 300]) {
            const within = seconds.filter(({ second }) => second > Math.floor(now / 1000) - window)
            const view = model.view(now, { window })
            expect(view.results).toBe(within.length)
            expect(view.chambers[0].cells[5]).toBe(within.reduce((sum, one) => sum + one.hits, 0))
          }
        })
        expect(model.view(now, CUMULATIVE).results).toBe(steps.length)
        expect(model.view(now + 60_000, MINUTE)).toMatchObject({ results: 0, rows: { read: 0 } })
      }),
      { numRuns: 50 },
    )
  })

  it('are empty again, down to the last bin, when all of it has passed', () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 4 }), (all) => {
        const model = new DashboardModel(DEFAULT_RUN)
        const empty = model.view(T0 + 60_000, MINUTE)
        all.forEach((made, i) => {
          model.add(result({ ...made, from: i, to: i + 1 }), T0)
        })
        const { rows, results, chambers } = model.view(T0 + 60_000, MINUTE)
        expect({ rows, results, drift: chambers.map(({ drift }) => drift) }).toEqual({
          rows: empty.rows,
          results: 0,
          drift: empty.chambers.map(({ drift }) => drift),
        })
        expect(chambers.map(({ hits, cells }) => [hits, ...cells])).toEqual(new Array(4).fill(new Array(65).fill(0)))
      }),
      { numRuns: 20 },
    )
  })

  it('go on after the clock was set back', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    model.add(result({ from: 0, cells: [evenCells(1)] }), T0)
    const earlier = T0 - 3_600_000
    model.add(result({ from: 1, endMs: earlier, startMs: earlier - 1000, cells: [evenCells(2)] }), earlier)
    expect(model.view(earlier, MINUTE).rows.hits).toBe(128)
    expect(model.view(earlier + 60_000, MINUTE).rows.hits).toBe(0)
  })
})

describe('the state', () => {
  it('is waiting, then live, then stale', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    expect(model.view(T0, CUMULATIVE)).toMatchObject({ state: 'waiting', ageMs: undefined })
    model.add(result(), T0)
    expect(model.view(T0 + 3000, CUMULATIVE)).toMatchObject({ state: 'live', ageMs: 3000 })
    expect(model.view(T0 + 10_001, CUMULATIVE)).toMatchObject({ state: 'stale', rowRate: undefined })
  })

  it('gives long intervals three of them before it is stale', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    model.add(result({ startMs: T0 - 60_000 }), T0)
    expect(model.view(T0 + 180_000, CUMULATIVE).state).toBe('live')
    expect(model.view(T0 + 180_001, CUMULATIVE).state).toBe('stale')
  })

  it('takes a result of a clock ahead of ours, or without a readable time, for one of now', () => {
    const ahead = result({ from: 0, startMs: T0 + 3_600_000, endMs: T0 + 3_601_000, cells: [evenCells(1)] })
    const unreadable = { ...result({ from: 1, cells: [evenCells(1)] }), interval: { start: 'x', end: 'y' } }
    const model = new DashboardModel(DEFAULT_RUN)
    model.add(ahead, T0)
    model.add(unreadable, T0)
    expect(model.view(T0 + 2000, MINUTE)).toMatchObject({ results: 2, ageMs: 2000, rows: { hits: 128 } })
  })

  it('carries the lag', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    expect(model.view(T0, CUMULATIVE).lagMessages).toBeUndefined()
    model.setLag(12, T0)
    expect(model.view(T0, CUMULATIVE).lagMessages).toBe(12)
  })
})

describe('reset', () => {
  it('starts the counts anew, but not the knowledge of what was received', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    const first = result({ from: 0, to: 10, cells: [evenCells(1)] })
    model.add(first, T0)
    model.add(first, T0)
    model.reset()
    for (const window of [CUMULATIVE, MINUTE])
      expect(model.view(T0, window)).toMatchObject({
        results: 0,
        repeated: 0,
        rows: { read: 0, hits: 0 },
        state: 'live',
      })
    expect(model.add(first, T0)).toBe('repeated')
    model.add(result({ from: 10, to: 20, cells: [evenCells(2)] }), T0)
    for (const window of [CUMULATIVE, MINUTE])
      expect(model.view(T0, window)).toMatchObject({ results: 1, repeated: 1, rows: { hits: 128 } })
    expect(model.toResult('watch')?.hit_count).toBe(192)
  })
})

describe('a view', () => {
  it('has the centre of the highest bin as the peak', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    const drift = timeBox(3)
    drift[49] = 7 // the bin from 22.5 to 25 ns
    model.add(result({ drift: [drift] }), T0)
    const { chambers } = model.view(T0, CUMULATIVE)
    expect(chambers[0].drift.peakNs).toBe(23.75)
    expect(chambers[1].drift.peakNs).toBeUndefined()
  })

  it('survives being sent as JSON', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    model.setLag(0, T0)
    model.add(result({ cells: [evenCells(1)], drift: [timeBox(1), timeBox(1), timeBox(1), timeBox(1)] }), T0)
    const { chambers, ...view } = model.view(T0, CUMULATIVE)
    expect(JSON.parse(JSON.stringify(chambers[2].drift))).toEqual(chambers[2].drift)
    expect(JSON.parse(JSON.stringify(view))).toMatchObject({ state: 'live', results: 1 })
  })
})

describe('the rates of a Spark job', () => {
  it('are steady up to the last row and the last window, though windows are longer and come late', () => {
    const model = new DashboardModel(DEFAULT_RUN)
    const cells = new Array(4).fill(evenCells(0, { 5: 500 }))
    for (let s = 1; s <= 60; s++) {
      const now = T0 + s * 1000
      const rows = { read: 500, hits: 400, ancillary: 100 }
      const batch = result({ rows, from: 510 * s, to: 510 * s + 500, startMs: now - 1000, endMs: now })
      model.add({ ...batch, worker: 'g/spark/rows' }, now)
      // a window of 5 s, 8 s after its end
      if (s % 5 !== 3 || s < 13) continue
      const window = result({ cells, rows: { hits: 0, read: 0 }, startMs: now - 13_000, endMs: now - 8000 })
      const source = [
        { topic: 'data_raw', since: [0], from: 1000 * s, to: 1000 * s + 5000, watermark: 1000 * s + 4999 },
      ]
      model.add({ ...window, source, worker: 'g/spark/windows' }, now)
    }
    const view = model.view(T0 + 60_000, CUMULATIVE)
    expect(view).toMatchObject({ state: 'live', gaps: 0, rowRate: 500, rows: { read: 30_000, hits: 24_000 } })
    expect(view.rates.read.slice(-60)).toEqual(new Array(60).fill(500))
    for (const { rate, rates } of view.chambers) {
      expect(rate).toBe(100)
      expect(rates.slice(-60, -10)).toEqual(new Array(50).fill(100))
      expect(rates.slice(-10)).toEqual(new Array(10).fill(null))
    }
  })
})

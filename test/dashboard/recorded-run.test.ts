import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { ROW_COUNTS } from '../../src/core/results/row-counts.js'
import { CELLS, DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { RecordedRun } from '../../src/dashboard/recorded-run.js'
import { MOST_SLOTS } from '../../src/dashboard/recorded-slots.js'
import type { DashboardView } from '../../src/dashboard/view.js'
import { ExpectedError } from '../../src/errors.js'
import type { Alarm } from '../../src/health/alarm.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { evenCells, result, runOf, T0, timeBox } from './made-up.js'

const CUMULATIVE = { window: 'cumulative' } as const
const HOUR = 3_600_000

/** Results of three lanes in any order, within minutes or within weeks. */
const results = fc
  .tuple(
    fc.constantFrom(60_000, HOUR, 500 * HOUR),
    fc.array(
      fc.record({
        lane: fc.nat(2),
        end: fc.double({ min: 0, max: 1, noNaN: true }),
        lengthMs: fc.integer({ min: 1, max: 20_000 }),
        cell: fc.nat(CELLS - 1),
        hits: fc.nat(50),
        malformed: fc.nat(5),
        multiplicity: fc.nat(CELLS - 1),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  )
  .map(([rangeMs, all]) =>
    all.map(({ lane, end, lengthMs, cell, hits, malformed, multiplicity }, i) => {
      const endMs = T0 + Math.round(end * rangeMs)
      const orbits = new Array<number>(CELLS).fill(0)
      orbits[multiplicity] = hits
      return result({
        lane,
        from: i,
        startMs: endMs - lengthMs,
        endMs,
        cells: [evenCells(0, { [cell]: hits }), evenCells(hits)],
        multiplicity: [orbits],
        drift: [timeBox(hits)],
        rows: { read: 65 * hits + malformed, malformed },
        overflow: malformed,
      })
    }),
  )

function recorded(all: readonly Result[]): RecordedRun {
  const recordedRun = new RecordedRun(DEFAULT_RUN)
  for (const one of all) recordedRun.add(one)
  return recordedRun
}

const endMsOf = ({ interval }: Result) => Date.parse(interval.end)

/** The counts of a view, and those of results, in one form. */
function countsOf({ rows, chambers }: DashboardView) {
  return {
    rows,
    hits: chambers.map(({ hits }) => hits),
    cells: chambers.map(({ cells }) => nonzero(cells)),
    scintillator: chambers.map(({ scintillatorCells }) => nonzero(scintillatorCells)),
    multiplicity: chambers.map(({ multiplicity }) => nonzero(multiplicity)),
    drift: chambers.map(({ drift }) => nonzero(drift.counts)),
    outside: chambers.map(({ drift: { underflow, overflow } }) => [underflow, overflow]),
  }
}

function countsOfSum(all: readonly Result[]) {
  const sum = new ResultSum()
  for (const one of all) sum.add(one)
  const merged = sum.toResult('merge')
  if (!merged) return undefined
  const chambers = DEFAULT_RUN.chambers.map((chamber, i) => ({ ...chamber, i }))
  const { low_ns, width_ns } = DEFAULT_RUN.drift_time
  const sparse = ({ bin_edges, hist_counts }: { bin_edges: number[]; hist_counts: number[] }, low: number, width = 1) =>
    bin_edges.map((edge, i) => [Math.round((edge - low) / width), hist_counts[i]]).filter(([, count]) => count > 0)
  return {
    rows: merged.rows,
    hits: merged.hit_count_chamber,
    cells: chambers.map(({ i, first_channel }) => sparse(merged.tdc_counts_chamber[i], first_channel)),
    scintillator: chambers.map(({ i, first_channel }) =>
      sparse(merged.tdc_counts_scintillator_chamber[i], first_channel),
    ),
    multiplicity: chambers.map(({ i }) => nonzero(merged.active_multiplicity_chamber[i])),
    drift: chambers.map(({ i }) => sparse(merged.drift_time_chamber[i], low_ns, width_ns)),
    outside: chambers.map(({ i }) => [merged.drift_time_chamber[i].underflow, merged.drift_time_chamber[i].overflow]),
  }
}

function nonzero(counts: readonly number[]): number[][] {
  return [...counts.entries()].filter(([, count]) => count > 0)
}

describe('the view of a recorded run', () => {
  it('is the sum of the results up to there at every edge of a slot, and at the end that of merge', () => {
    fc.assert(
      fc.property(results, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const recordedRun = recorded(all)
        const { startMs, endMs } = recordedRun.span ?? expect.fail()
        const atMs = Math.round(startMs + share * (endMs - startMs))
        const view = recordedRun.view(atMs, CUMULATIVE)
        expect(view.atMs % view.stepMs).toBe(0)
        expect(view.atMs - atMs).toBeGreaterThanOrEqual(0)
        expect(view.atMs - atMs).toBeLessThan(view.stepMs)
        const before = all.filter((one) => endMsOf(one) <= view.atMs)
        expect(view.results).toBe(before.length)
        if (before.length > 0) expect(countsOf(view)).toEqual(countsOfSum(before))
        expect(countsOf(recordedRun.view(endMs, CUMULATIVE))).toEqual(countsOfSum(all))
      }),
      { numRuns: 60 },
    )
  })

  it('has in a window the results that ended in so many whole slots', () => {
    fc.assert(
      fc.property(results, fc.constantFrom(10, 60, 300), fc.nat(59), (all, window, index) => {
        const recordedRun = recorded(all)
        const view = recordedRun.view(endMsOf(all[index % all.length]), { window })
        const seconds = Number(view.window)
        expect(seconds).toBeGreaterThanOrEqual(window)
        expect(seconds - window).toBeLessThan(view.stepMs / 1000)
        const within = all.filter((one) => {
          const agoMs = view.atMs - endMsOf(one)
          return agoMs >= 0 && agoMs < seconds * 1000
        })
        expect(within.length).toBeGreaterThan(0)
        expect(view.results).toBe(within.length)
        expect(countsOf(view)).toEqual(countsOfSum(within))
      }),
      { numRuns: 60 },
    )
  })

  it('has curves that hold every row once, slot by slot, in at most so many slots', () => {
    fc.assert(
      fc.property(results, (all) => {
        const recordedRun = recorded(all)
        const { startMs, endMs } = recordedRun.span ?? expect.fail()
        const { atMs, stepMs, rates, chambers } = recordedRun.view(endMs, CUMULATIVE)
        expect(rates.read.length).toBeLessThanOrEqual(MOST_SLOTS)
        const rowsIn = (curve: readonly (number | null)[]) =>
          curve.reduce<number>((sum, rate, i) => {
            const toMs = atMs - (curve.length - 1 - i) * stepMs
            return sum + ((rate ?? 0) * (Math.min(toMs, endMs) - Math.max(toMs - stepMs, startMs))) / 1000
          }, 0)
        for (const name of ROW_COUNTS)
          expect(rowsIn(rates[name])).toBeCloseTo(
            all.reduce((sum, { rows }) => sum + rows[name], 0),
            3,
          )
        expect(rowsIn(chambers[1].rates)).toBeCloseTo(
          all.reduce((sum, one) => sum + one.hit_count_chamber[1], 0),
          3,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('has rates where something was taken in, and null where nothing was', () => {
    const recordedRun = recorded([
      result({ from: 0, startMs: T0, endMs: T0 + 2000, cells: [evenCells(1)] }),
      result({ from: 1, startMs: T0 + 3500, endMs: T0 + 4000, cells: [evenCells(1)] }),
    ])
    const { atMs, stepMs, chambers } = recordedRun.view(T0 + 10_000, CUMULATIVE)
    expect({ atMs, stepMs }).toEqual({ atMs: T0 + 4000, stepMs: 1000 })
    expect(chambers[0].rates).toEqual([null, 32, 32, null, 64])
  })

  it('counts a result whose interval has no length as taken in in the slot of its end', () => {
    const recordedRun = recorded([
      result({ from: 0, startMs: T0, endMs: T0 + 2000 }),
      result({ from: 1, startMs: T0 + 500, endMs: T0 + 500, cells: [evenCells(1)] }),
    ])
    expect(recordedRun.view(T0 + 2000, CUMULATIVE).chambers[0].rates).toEqual([null, 64, 0])
  })

  it('is empty at the start, and stays what it is before and after the run', () => {
    const recordedRun = recorded([result({ startMs: T0, endMs: T0 + 1000, cells: [evenCells(1)] })])
    expect(recordedRun.view(T0, CUMULATIVE)).toMatchObject({ results: 0, rows: { hits: 0 } })
    expect(recordedRun.view(0, CUMULATIVE)).toEqual(recordedRun.view(T0, CUMULATIVE))
    expect(recordedRun.view(T0 + HOUR, CUMULATIVE)).toEqual(recordedRun.view(T0 + 1000, CUMULATIVE))
  })

  it('can be asked for between two results', () => {
    const recordedRun = recorded([result({ from: 0, cells: [evenCells(1)] })])
    expect(recordedRun.view(T0, CUMULATIVE).rows.hits).toBe(64)
    recordedRun.add(result({ from: 1, cells: [evenCells(2)] }))
    expect(recordedRun.view(T0, CUMULATIVE).rows.hits).toBe(192)
  })
})

describe('the health of a recorded run', () => {
  const alarm = (cell: number, value: number, sinceMs: number): Alarm => ({
    id: `dead-cell/0/${cell}`,
    kind: 'dead-cell',
    chamber: 0,
    cell,
    text: `cell ${cell}`,
    value,
    limit: 1,
    unit: 'hits',
    sinceMs,
  })

  /** Raises an alarm for each cell of chamber 0 without hits in the newest result. */
  class SilentCells {
    readonly seen: number[] = []
    private since = new Map<number, number>()
    private newest: Result | undefined

    add(one: Result, endMs: number): void {
      this.seen.push(endMs)
      this.newest = one
      const { bin_edges } = one.tdc_counts_chamber[0]
      const silent = [...new Array(CELLS).keys()].filter((cell) => !bin_edges.includes(cell))
      this.since = new Map(silent.map((cell) => [cell, this.since.get(cell) ?? endMs]))
    }

    view() {
      const value = this.newest?.hit_count ?? 0
      const alarms = [...this.since].map(([cell, sinceMs]) => alarm(cell, value, sinceMs))
      return { alarms, edges: [], comparisons: [] }
    }
  }

  it('has the alarms of its moment, as they were raised', () => {
    const dead = [[], [5], [5], [5, 9], [9], []]
    const all = dead.map((cells, second) =>
      result({
        from: second,
        startMs: T0 + (second - 1) * 1000,
        endMs: T0 + second * 1000,
        cells: [evenCells(1, Object.fromEntries(cells.map((cell) => [cell, 0])))],
      }),
    )
    const recordedRun = recorded([3, 0, 5, 1, 4, 2].map((second) => all[second]))
    const monitor = new SilentCells()
    recordedRun.watchedBy(monitor)
    expect(monitor.seen).toEqual(dead.map((_, second) => T0 + second * 1000))
    const alarmsAt = (second: number) => recordedRun.view(T0 + second * 1000, CUMULATIVE).health.alarms
    const five = alarm(5, 63, T0 + 1000)
    const nine = alarm(9, 62, T0 + 3000)
    expect(dead.map((_, second) => alarmsAt(second))).toEqual([[], [five], [five], [five, nine], [nine], []])
    expect(alarmsAt(2)).toBe(alarmsAt(1))
  })

  it('has the newest fit of the edges, and the comparison up to its moment, as a monitor has them', () => {
    const all = Array.from({ length: 40 }, (_, second) =>
      result({
        from: second,
        startMs: T0 + (second - 1) * 1000,
        endMs: T0 + second * 1000,
        cells: new Array(4).fill(evenCells(20)),
        drift: new Array(4).fill(timeBox(5)),
      }),
    )
    const options = { reference: all[0] }
    const recordedRun = recorded(all)
    recordedRun.watchedBy(new HealthMonitor(DEFAULT_RUN, options))
    const monitor = new HealthMonitor(DEFAULT_RUN, options)
    for (const [second, one] of all.entries()) {
      monitor.add(one, T0 + second * 1000)
      const { edges, comparisons } = monitor.view()
      const { health } = recordedRun.view(T0 + second * 1000, CUMULATIVE)
      expect(health).toMatchObject({ edges, comparisons })
    }
    const { edges, comparisons } = recordedRun.view(T0 + 39_000, CUMULATIVE).health
    expect(edges.map((fit) => Math.round(fit?.endNs ?? 0))).toEqual([390, 390, 390, 390])
    expect(comparisons.length).toBeGreaterThan(0)
  })
})

describe('the rate in a recorded run', () => {
  const PER_CELL = 100
  /** Ten results of a minute, of so many hits in each cell: 107 hits a second in each chamber. */
  const minutes = Array.from({ length: 10 }, (_, minute) =>
    result({
      from: minute,
      startMs: T0 + (minute - 1) * 60_000 + 300,
      endMs: T0 + minute * 60_000 + 300,
      cells: new Array(4).fill(evenCells(PER_CELL)),
    }),
  )

  it.each([
    ['a band around it', 100, 113, []],
    ['a band above it', 130, 200, [0, 1, 2, 3]],
    ['a band below it', 10, 80, [0, 1, 2, 3]],
  ])('is that of the rows, though results are longer than slots: %s', (_, least_hz, most_hz, chambers) => {
    const run = { ...DEFAULT_RUN, health: { ...DEFAULT_RUN.health, rate: { least_hz, most_hz } } }
    const recordedRun = recorded(minutes)
    recordedRun.watchedBy(new HealthMonitor(run))
    const seen = new Set<number | undefined>()
    for (let ms = T0 - 60_000; ms < T0 + 9 * 60_000; ms += 1000)
      for (const { kind, chamber } of recordedRun.view(ms, CUMULATIVE).health.alarms)
        if (kind === 'rate') seen.add(chamber)
    expect([...seen].sort()).toEqual(chambers)
  })
})

describe('a recorded run', () => {
  it('leaves out what repeats, and counts the holes', () => {
    const one = result({ from: 0, to: 10, cells: [evenCells(1)] })
    const recordedRun = recorded([one, result({ from: 20, to: 30 })])
    expect(recordedRun.add(one)).toBe('repeated')
    expect(recordedRun.view(T0, CUMULATIVE)).toMatchObject({ results: 2, repeated: 1, gaps: 1, rows: { hits: 64 } })
    expect(recordedRun.toResult('watch')).toMatchObject({ hit_count: 64, source: [{ to: 10 }, { from: 20 }] })
  })

  it('is from the start of the first interval to the end of the last, in whatever order they come', () => {
    const times = [
      [5000, 6000],
      [-2000, 9000],
      [7000, 8000],
    ]
    const recordedRun = recorded(
      times.map(([start, end], from) => result({ from, startMs: T0 + start, endMs: T0 + end })),
    )
    expect(recordedRun.span).toEqual({ startMs: T0 - 2000, endMs: T0 + 9000 })
  })

  it('of nothing has no span, no sum and no view', () => {
    const recordedRun = new RecordedRun(DEFAULT_RUN)
    expect([recordedRun.span, recordedRun.toResult('watch')]).toEqual([undefined, undefined])
    expect(() => recordedRun.view(T0, CUMULATIVE)).toThrow('nothing was recorded')
  })

  it('takes no results of two geometries', () => {
    const recordedRun = recorded([result()])
    expect(() => recordedRun.add(result({ run: runOf(3) }))).toThrow(ExpectedError)
  })

  it('of a year is cut into as few slots as one of an hour', () => {
    const year = Array.from({ length: 366 }, (_, day) => {
      const endMs = T0 + day * 24 * HOUR
      return result({ from: day, startMs: endMs - 1000, endMs, cells: [evenCells(1)] })
    })
    const view = recorded(year).view(T0 + 400 * 24 * HOUR, CUMULATIVE)
    expect(view.rates.read.length).toBeGreaterThan(MOST_SLOTS / 2)
    expect(view.rates.read.length).toBeLessThanOrEqual(MOST_SLOTS)
    expect(view.rows.hits).toBe(366 * 64)
  })
})

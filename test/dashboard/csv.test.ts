import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROW_COUNTS } from '../../src/core/results/row-counts.js'
import { CELLS, DEFAULT_RUN, driftBinCount } from '../../src/core/run-file/run-file.js'
import { histogramsCsv, ratesCsv } from '../../src/dashboard/csv.js'
import { DashboardModel } from '../../src/dashboard/model.js'
import { RecordedRun } from '../../src/dashboard/recorded-run.js'
import type { DashboardView } from '../../src/dashboard/view.js'
import { evenCells, result, T0, timeBox } from './made-up.js'

const CUMULATIVE = { window: 'cumulative' } as const
const BINS = driftBinCount(DEFAULT_RUN.drift_time)

/** Lines by name of column; strict: every line as long as the first, numbers as Python reads them. */
function parse(csv: string): Record<string, string>[] {
  expect(csv.endsWith('\n')).toBe(true)
  const [names, ...lines] = csv
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split(','))
  return lines.map((fields) => {
    expect(fields).toHaveLength(names.length)
    return Object.fromEntries(fields.map((field, i) => [names[i], field]))
  })
}

function numberOf(field: string): number {
  if (/^-?inf$/.test(field)) return field === 'inf' ? Infinity : -Infinity
  expect(field).toMatch(/^-?\d+(\.\d+)?(e[+-]\d+)?$/)
  return Number(field)
}

function filledModel(): DashboardModel {
  const model = new DashboardModel(DEFAULT_RUN)
  const orbits = Array.from({ length: CELLS }, (_, i) => 64 - i)
  for (let second = 0; second < 5; second++)
    model.add(
      result({
        from: second,
        startMs: T0 + (second - 5) * 1000,
        endMs: T0 + (second - 4) * 1000,
        cells: [1, 2, 3, 4].map((count) => evenCells(count, { 7: 100 * second })),
        scintillatorCells: [evenCells(1), [], [], evenCells(0, { 63: 9 })],
        multiplicity: [orbits],
        drift: [timeBox(3)],
        underflow: 5,
        overflow: 6,
        rows: { scintillator: 10, malformed: second },
      }),
      T0,
    )
  return model
}

describe('the histograms of a view as CSV', () => {
  it('hold every count, each with its bin', () => {
    const view = filledModel().view(T0, CUMULATIVE)
    const lines = parse(histogramsCsv(view, DEFAULT_RUN))
    const { low_ns, width_ns } = DEFAULT_RUN.drift_time
    view.chambers.forEach((chamber, number) => {
      const binsOf = (histogram: string) =>
        lines
          .filter((line) => line.histogram === histogram && line.chamber === String(number))
          .map(({ low, high, count }) => [low, high, count].map(numberOf))
      expect(binsOf('occupancy')).toEqual(chamber.cells.map((count, cell) => [cell, cell + 1, count]))
      expect(binsOf('scintillator occupancy')).toEqual(
        chamber.scintillatorCells.map((count, cell) => [cell, cell + 1, count]),
      )
      expect(binsOf('multiplicity')).toEqual(chamber.multiplicity.map((count, i) => [i + 1, i + 2, count]))
      const drift = binsOf('drift time')
      expect(drift[0]).toEqual([-Infinity, low_ns, chamber.drift.underflow])
      expect(drift.at(-1)).toEqual([550, Infinity, chamber.drift.overflow])
      expect(drift.slice(1, -1)).toEqual(
        chamber.drift.counts.map((count, bin) => [low_ns + bin * width_ns, low_ns + (bin + 1) * width_ns, count]),
      )
    })
    expect(lines).toHaveLength(4 * (3 * CELLS + BINS + 2))
  })
})

describe('the rates of a view as CSV', () => {
  it('begin each line with the second that it is of', () => {
    const view = filledModel().view(T0 + 300, CUMULATIVE)
    const lines = parse(ratesCsv(view))
    expect(lines.map(({ time }) => Date.parse(time) - T0)).toEqual([-5000, -4000, -3000, -2000, -1000])
    expect(Object.keys(lines[0])).toEqual(['time', ...ROW_COUNTS, 'chamber_0', 'chamber_1', 'chamber_2', 'chamber_3'])
    expect(lines.map(({ malformed }) => numberOf(malformed))).toEqual([0, 1, 2, 3, 4])
    expect(lines.map(({ chamber_1 }) => numberOf(chamber_1))).toEqual([126, 226, 326, 426, 526])
  })

  it('are read back as they were, step by step', () => {
    const rate = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }))
    const view = filledModel().view(T0, CUMULATIVE)
    fc.assert(
      fc.property(fc.array(rate, { minLength: 240, maxLength: 240 }), (read) => {
        const known: DashboardView = { ...view, rates: { ...view.rates, read } }
        const byTime = new Map(parse(ratesCsv(known)).map((line) => [Date.parse(line.time), line.read]))
        read.forEach((one, i) => {
          const field = byTime.get(T0 + (i - 240) * 1000)
          if (one === null) expect(field ?? '').toBe('')
          else expect(numberOf(field ?? '')).toBe(one)
        })
      }),
      { numRuns: 20 },
    )
  })

  it('of a recorded run are by its steps', () => {
    const recordedRun = new RecordedRun(DEFAULT_RUN)
    const days = [0, 1].map((day) => T0 + day * 86_400_000)
    for (const [from, endMs] of days.entries())
      recordedRun.add(result({ from, startMs: endMs - 60_000, endMs, cells: [evenCells(1)] }))
    const view = recordedRun.view(days[1], CUMULATIVE)
    const lines = parse(ratesCsv(view))
    expect(view.stepMs).toBe(64_000)
    expect(lines.every(({ time }) => Date.parse(time) % view.stepMs === 0)).toBe(true)
    const last = Date.parse(lines.at(-1)?.time ?? '')
    expect(last + view.stepMs).toBe(view.atMs)
  })
})

import { expect, test } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_HEALTH, type HealthLimits } from '../../src/core/run-file/health-limits.js'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION } from '../../src/core/simulator/options.js'
import { ExpectedError } from '../../src/errors.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { HEALTHY, Lanes, T0 } from './detector.js'

/** The default simulation has a hot cell, 1:2, and a dead one, 2:41. */
const [{ result: FAULTY }] = new Lanes({ lanes: 1, intervalS: 120 }).results(DEFAULT_SIMULATION, 120)
const [{ result: SOUND }] = new Lanes({ lanes: 1, intervalS: 120 }).results(HEALTHY, 120)

function runWith(health: Partial<HealthLimits>): RunFile {
  return { ...DEFAULT_RUN, health: { ...DEFAULT_HEALTH, ...health } }
}

function idsOf(run: RunFile, result: Result = FAULTY, reference?: Result): string[] {
  const monitor = new HealthMonitor(run, reference ? { reference } : {})
  monitor.add(result, T0)
  return monitor.view().alarms.map(({ id }) => id)
}

test('a single result of a whole run is enough', () => {
  expect(idsOf(DEFAULT_RUN)).toEqual(['dead-cell/2/41', 'hot-cell/1/2'])
  expect(idsOf(DEFAULT_RUN, SOUND)).toEqual([])
})

test('an alarm says what, how far and since when', () => {
  const monitor = new HealthMonitor(DEFAULT_RUN)
  monitor.add(FAULTY, T0)
  const [dead] = monitor.view().alarms
  expect(dead).toEqual({
    id: 'dead-cell/2/41',
    kind: 'dead-cell',
    chamber: 2,
    cell: 41,
    text: expect.stringMatching(/^cell 41 of chamber 2 is dead: 0 hits where \d+ are expected$/),
    value: 0,
    limit: expect.any(Number),
    unit: 'hits',
    sinceMs: T0,
  })
  expect(dead.limit).toBeGreaterThan(20)
  expect(dead.limit).toBeLessThan(50)
})

test('cells that are known raise nothing', () => {
  expect(idsOf(runWith({ ignore_cells: [{ chamber: 2, cell: 41 }] }))).toEqual(['hot-cell/1/2'])
  const both = [
    { chamber: 2, cell: 41 },
    { chamber: 1, cell: 2 },
  ]
  expect(idsOf(runWith({ ignore_cells: both }))).toEqual([])
})

test('each check can be switched off, or given another limit', () => {
  expect(idsOf(runWith({ dead_cells: 'off' }))).toEqual(['hot-cell/1/2'])
  expect(idsOf(runWith({ hot_cells: 'off' }))).toEqual(['dead-cell/2/41'])
  expect(idsOf(runWith({ hot_cells: { above: 1000 } }))).toEqual(['dead-cell/2/41'])
  expect(idsOf(runWith({ scintillator: { least_per_hit: 0.5 } }), SOUND)).toEqual(['scintillator'])
  expect(idsOf(runWith({ scintillator: 'off', malformed: 'off', rate: 'off', drift_edges: 'off' }), SOUND)).toEqual([])
})

test('few hits raise nothing', () => {
  const [{ result }] = new Lanes({ lanes: 1, intervalS: 1 }).results({ ...DEFAULT_SIMULATION, noisyCell: undefined }, 1)
  expect(result.rows.hits).toBeGreaterThan(300)
  expect(idsOf(DEFAULT_RUN, result)).toEqual([])
})

test('with millions of hits it is the size of a deviation that decides', () => {
  expect(idsOf(DEFAULT_RUN, times(SOUND, 10_000))).toEqual([])
  expect(idsOf(DEFAULT_RUN, times(FAULTY, 10_000))).toEqual(['dead-cell/2/41', 'hot-cell/1/2'])
})

/** The same with so many times the counts: deviations that were chance are none any more. */
function times(result: Result, factor: number): Result {
  const many = (counts: object): object =>
    Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, EDGES.has(key) ? value : manyOf(value)]))
  const manyOf = (value: unknown): unknown => {
    if (typeof value === 'number') return factor * value
    if (Array.isArray(value)) return value.map(manyOf)
    return many(value as object)
  }
  const { rows, tdc_counts_chamber, tdc_counts_scintillator_chamber, drift_time_chamber } = result
  return {
    ...result,
    ...(many({ rows, tdc_counts_chamber, tdc_counts_scintillator_chamber, drift_time_chamber }) as Partial<Result>),
  }
}

/** Numbers of a result that are no counts. */
const EDGES = new Set(['bin_edges', 'low', 'width', 'bins'])

test('a reference like the run raises nothing, and one of another illumination or drift velocity does', () => {
  const { cell } = DEFAULT_RUN
  const slow = { ...DEFAULT_RUN, cell: { ...cell, drift_velocity_um_per_ns: 48 } }
  const [{ result: other }] = new Lanes({ lanes: 1, intervalS: 120 }).results({ ...HEALTHY, run: slow }, 120)
  const [{ result: again }] = new Lanes({ lanes: 1, intervalS: 120 }).results({ ...HEALTHY, seed: 2 }, 120)
  expect(idsOf(DEFAULT_RUN, SOUND, again)).toEqual([])
  expect(idsOf(DEFAULT_RUN, SOUND, other)).toEqual([0, 1, 2, 3].map((chamber) => `reference/${chamber}/drift-time`))
  expect(idsOf(DEFAULT_RUN, FAULTY, again)).toContain('reference/1/occupancy')
  expect(idsOf(runWith({ reference: 'off' }), SOUND, other)).toEqual([])
})

test('a reference alarm ends when the histograms are alike again', () => {
  const monitor = new HealthMonitor(runWith({ hot_cells: 'off', dead_cells: 'off' }), { reference: SOUND })
  const after = (result: Result) => {
    monitor.add(result, T0)
    return monitor.view().alarms.map(({ id }) => id)
  }
  expect(after(FAULTY)).toContain('reference/1/occupancy')
  const [{ result: again }] = new Lanes({ lanes: 1, intervalS: 120 }).results({ ...HEALTHY, seed: 2 }, 120)
  expect(after(again)).toEqual([])
})

test('a reference of another geometry is refused', () => {
  expect(() => new HealthMonitor(DEFAULT_RUN, { reference: { ...SOUND, geometry: '0123456789abcdef' } })).toThrow(
    ExpectedError,
  )
})

test('what a view holds is kept when nothing is added, and it is plain', () => {
  const monitor = new HealthMonitor(DEFAULT_RUN, { reference: SOUND })
  monitor.add(FAULTY, T0)
  const view = monitor.view()
  expect(monitor.view()).toEqual(view)
  expect(view.edges[0]).toBe(monitor.view().edges[0])
  expect(JSON.parse(JSON.stringify(view)).comparisons).toEqual(view.comparisons)
})

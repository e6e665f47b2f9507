import { expect, it } from 'vitest'
import { emptyResult } from '../../src/core/results/empty-result.js'
import type { Result } from '../../src/core/results/result.js'
import { emptyRowCounts } from '../../src/core/results/row-counts.js'
import { sparkWorker } from '../../src/core/results/worker-name.js'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import type { SimulatorOptions } from '../../src/core/simulator/options.js'
import { RecordedRun } from '../../src/dashboard/recorded-run.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { HEALTHY, Lanes, type Sent, T0 } from './detector.js'

const SECONDS = 300
/** Windows of 5 s come two at a time, the newer one first, when both are over and the watermark has passed them. */
const WINDOW_S = 5
const BATCH_MS = 10_000
const LATE_MS = 8000

interface Arriving extends Sent {
  atMs: number
}

/** What a Spark job sends in an order in which it may come: rows once a second, windows late and not in order. */
function sentByJob(options: SimulatorOptions, changed: Partial<SimulatorOptions> = {}): Arriving[] {
  const both = (intervalS: number) => {
    const lanes = new Lanes({ lanes: 1, intervalS })
    return [...lanes.results(options, SECONDS), ...lanes.results({ ...options, ...changed }, SECONDS)]
  }
  const rows = both(1).map(({ result, endMs }): Arriving => ({ result: rowsOf(result), endMs, atMs: endMs }))
  const windows = both(WINDOW_S).map(({ result, endMs }): Arriving => {
    const batch = Math.ceil((endMs - T0) / BATCH_MS)
    return { result: windowOf(result), endMs, atMs: T0 + batch * BATCH_MS + LATE_MS }
  })
  return [...rows, ...windows].sort((a, b) => a.atMs - b.atMs || b.endMs - a.endMs)
}

function rowsOf({ rows, interval, source }: Result): Result {
  return { ...emptyResult(DEFAULT_RUN), rows, interval, source, worker: sparkWorker('g', 'rows') }
}

let windows = 0
function windowOf(result: Result): Result {
  const from = 100 * windows++
  const source = [{ topic: 'data_raw', since: [0], from, to: from + 100, watermark: from + 99 }]
  return { ...result, rows: emptyRowCounts(), source, worker: sparkWorker('g', 'windows') }
}

/** Limits on rates that the detector just keeps. */
function narrow(sent: readonly Sent[]): RunFile {
  const hits = DEFAULT_RUN.chambers.map((_, chamber) =>
    sent.reduce((sum, { result }) => sum + (result.hit_count_chamber[chamber] ?? 0), 0),
  )
  const rates = hits.map((count) => count / (2 * SECONDS))
  const rate = { least_hz: 0.8 * Math.min(...rates), most_hz: 1.25 * Math.max(...rates) }
  return { ...DEFAULT_RUN, health: { ...DEFAULT_RUN.health, rate } }
}

it('rows and windows of a Spark job raise no alarm where nothing is wrong, however late and mixed', () => {
  const sent = sentByJob({ ...HEALTHY, seed: 3 })
  const [{ result: reference }] = new Lanes({ lanes: 1, intervalS: 900 }).results({ ...HEALTHY, seed: 9 }, 900)
  const monitor = new HealthMonitor(narrow(sent), { reference: windowOf(reference) })
  for (const { result, endMs } of sent) {
    monitor.add(result, endMs)
    expect(monitor.view().alarms.map(({ text }) => text)).toEqual([])
  }
  expect(monitor.view().comparisons.length).toBeGreaterThan(0)
})

it('a chamber that falls silent, and scintillators that do, raise their alarms', () => {
  const dark = sentByJob({ ...HEALTHY, seed: 3 }, { muonsPerSecond: 0 })
  const monitor = new HealthMonitor(narrow(sentByJob({ ...HEALTHY, seed: 3 })))
  for (const { result, endMs } of dark) monitor.add(result, endMs)
  const kinds = monitor.view().alarms.map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'rate')).toHaveLength(DEFAULT_RUN.chambers.length)
  expect(kinds).toContain('scintillator')
  // the windows that tell come 18 s late at most, and wait for those behind them
  const sinceS = monitor.view().alarms.flatMap(({ kind, sinceMs }) => (kind === 'rate' ? [(sinceMs - T0) / 1000] : []))
  expect(Math.min(...sinceS)).toBeGreaterThan(SECONDS)
  expect(Math.max(...sinceS)).toBeLessThan(SECONDS + 80)
})

it('a recorded run of a Spark job has no alarm, though its rows go on where no window has closed', () => {
  const sent = sentByJob({ ...HEALTHY, seed: 3 })
  const run = narrow(sent)
  const recorded = new RecordedRun(run)
  const lastWindowMs = T0 + (2 * SECONDS - 30) * 1000
  for (const { result, endMs } of sent)
    if ('partition' in result.source[0] || endMs < lastWindowMs) recorded.add(withRange(result))
  recorded.watchedBy(new HealthMonitor(run))
  const { endMs } = recorded.span ?? expect.fail()
  expect(endMs).toBeGreaterThan(lastWindowMs + 20_000)
  for (let ms = T0; ms <= endMs; ms += 1000)
    expect(recorded.view(ms, { window: 'cumulative' }).health.alarms).toEqual([])
  const { rates, chambers } = recorded.view(endMs, { window: 'cumulative' })
  expect(rates.read.at(-1)).toBeGreaterThan(0)
  expect(chambers[0].rates.slice(-25)).toEqual(new Array(25).fill(null))
  expect(chambers[0].rates.slice(1, -40).every((rate) => rate !== null && rate > 0)).toBe(true)
})

let batches = 0
/** The lanes of the simulation all begin at offset 0. */
function withRange(result: Result): Result {
  const [range] = result.source
  if (!('partition' in range)) return result
  const from = 10 * batches++
  return { ...result, source: [{ ...range, from, to: from + 9 }] }
}

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import type { SimulatorOptions } from '../../src/core/simulator/options.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { foldText } from '../support/lane.js'
import { HEALTHY, Lanes, T0 } from './detector.js'

/** The sum of another run of the same detector. */
function referenceOf(options: SimulatorOptions, seconds: number): Result {
  const [{ result }] = new Lanes({ lanes: 1, intervalS: seconds }).results({ ...options, seed: 999 }, seconds)
  return result
}

test.each([
  ['an hour', 3600, 1],
  ['ten minutes at ten times the rate', 600, 10],
])(
  'no alarm in %s without fault',
  (_, seconds, times) => {
    const { muonsPerSecond, noisePerSecond } = HEALTHY
    const options = {
      ...HEALTHY,
      seed: 5,
      muonsPerSecond: times * muonsPerSecond,
      noisePerSecond: times * noisePerSecond,
    }
    const monitor = new HealthMonitor(DEFAULT_RUN, { reference: referenceOf(options, 900 / times) })
    let [rows, sent] = [0, 0]
    for (const { result, endMs } of new Lanes().results(options, seconds)) {
      monitor.add(result, endMs)
      rows += result.rows.read
      // once a second
      if (++sent % 10 > 0) continue
      expect(monitor.view().alarms.map(({ text }) => text)).toEqual([])
    }
    expect(rows).toBeGreaterThan(900 * times * seconds)
    const { edges, comparisons } = monitor.view()
    for (const fit of edges) {
      if (!fit) throw new Error('a chamber has no fit')
      expect(Math.abs(fit.velocity - 53.8)).toBeLessThan(5 * fit.velocityError)
      // a counter's step at most, beside the error
      expect(Math.abs(fit.t0Ns)).toBeLessThan(1 + 5 * fit.t0ErrorNs)
    }
    expect(comparisons).toHaveLength(16)
    for (const { pChi2, pKolmogorov } of comparisons) expect(Math.min(pChi2, pKolmogorov)).toBeGreaterThan(1e-5)
  },
  600_000,
)

test('a few real rows raise nothing', () => {
  const monitor = new HealthMonitor(DEFAULT_RUN)
  const result = foldText(readFileSync(new URL('../fixtures/minidt_head_72.txt', import.meta.url)))
  expect(result.rows.hits).toBeGreaterThan(10)
  monitor.add(result, T0)
  expect(monitor.view()).toEqual({ alarms: [], edges: DEFAULT_RUN.chambers.map(() => undefined), comparisons: [] })
})

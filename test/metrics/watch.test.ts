import { expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../src/dashboard/model.js'
import { Metrics } from '../../src/metrics/metrics.js'
import { watchMetrics } from '../../src/metrics/watch.js'
import { parseExposition, sampleValue } from '../support/exposition.js'
import { resultOf } from '../support/results.js'

/** Result `n` of a lane, which covers ten messages and ended `n` seconds after 1970. */
function result(n: number) {
  return {
    ...resultOf({
      ...{ orbits: [], lateHits: [], msg_ID: n, others: { ancillary: 4, unmapped: 0, malformed: 0 } },
      source: [{ topic: 'data_raw', partition: 0, from: 10 * n, to: 10 * (n + 1), watermark: 100 + n }],
    }),
    interval: { start: new Date(1000 * (n - 1)).toISOString(), end: new Date(1000 * n).toISOString() },
  }
}

it('watch counts since its start, through a reset, and knows what is missing', async () => {
  const model = new DashboardModel(DEFAULT_RUN)
  const metrics = new Metrics({ command: 'watch' })
  const alarms = [{ kind: 'dead-cell' }, { kind: 'lag' }, { kind: 'dead-cell' }] as const
  watchMetrics(metrics, { totals: (nowMs) => model.totals(nowMs), health: () => ({ alarms }) }, () => 60_000)
  const scrape = async () => {
    const families = parseExposition(await metrics.text())
    return (name: string, labels?: Record<string, string>) => sampleValue(families, `dtstream_${name}`, labels)
  }
  const before = await scrape()
  expect(before('results_merged_total')).toBe(0)
  expect(before('newest_result_age_seconds')).toBe(undefined)
  expect(before('unprocessed_messages')).toBe(undefined)
  for (const n of [1, 2, 2, 5]) model.add(result(n), 60_000)
  model.reset()
  model.add(result(1), 60_000)
  model.setLag(17, 60_000)
  const after = await scrape()
  expect(after('results_merged_total')).toBe(3)
  expect(after('results_repeated_total')).toBe(2)
  expect(after('gaps')).toBe(1)
  expect(after('unprocessed_messages')).toBe(17)
  expect(after('newest_result_age_seconds')).toBe(55)
  expect(after('alarms', { kind: 'dead-cell' })).toBe(2)
  expect(after('alarms', { kind: 'lag' })).toBe(1)
  expect(after('alarms', { kind: 'rate' })).toBe(0)
})

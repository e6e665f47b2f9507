import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Metrics } from '../../src/metrics/metrics.js'
import { countedMetrics, topicMetrics } from '../../src/metrics/process.js'
import { NOTHING_COUNTED } from '../../src/process/lane-counts.js'
import { processFiles } from '../../src/process/process-files.js'
import { NOT_STARTED } from '../../src/process/process-topic.js'
import { openSinks } from '../../src/sinks/registry.js'
import { openSources } from '../../src/sources/registry.js'
import { parseExposition, sampleValue } from '../support/exposition.js'
import { failsSometimes, flakySink } from '../support/flaky-sink.js'
import { noLog } from '../support/no-log.js'
import { SETTINGS, Workshop } from '../support/processing.js'

it('count a worker that died and was replaced', async () => {
  const shop = await Workshop.open(1)
  const running = await shop.start({ workers: 2 })
  const [thread] = running.pool.threads
  thread.postMessage({ type: 'open' })
  await new Promise((resolve) => thread.once('exit', resolve))
  while (running.warnings.length === 0) await sleep(10)
  const status = await running.stop()
  const metrics = new Metrics({ command: 'process' })
  topicMetrics(metrics, { status: () => status, sinks: () => [], intervalMs: 100 })
  const families = parseExposition(await metrics.text())
  expect(sampleValue(families, 'dtstream_worker_restarts_total')).toBe(1)
  expect(sampleValue(families, 'dtstream_workers')).toBe(2)
})

it('of files are the sum of their results, and of retries what the sink has seen', async () => {
  const source = 'sim:?seed=5&rows=20000'
  const sink = flakySink('flaky', failsSometimes(0.3, 7))
  const sinks = await openSinks(['flaky:?retries=1000'], {
    ...{ log: noLog, stdout: process.stdout, group: 'test', plugged: [sink.spec] },
  })
  let counted = NOTHING_COUNTED
  const metrics = new Metrics({ command: 'process' })
  countedMetrics(metrics, { status: () => counted, sinks: () => sinks })
  let told = 0
  counted = await processFiles({
    ...SETTINGS,
    parts: await openSources([source], { run: SETTINGS.run, log: noLog }),
    ...{ sinks, hits: undefined, worker: 'batch', intervalMs: 2000, strict: false },
    signal: new AbortController().signal,
    wallNow: () => 0,
    onMalformed: () => undefined,
    onProgress: (now) => {
      expect(now.read).toBeGreaterThan(told)
      told = now.read
    },
  })
  const families = parseExposition(await metrics.text())
  const sum = (name: 'hits' | 'scintillator' | 'ancillary' | 'unmapped' | 'malformed') =>
    sink.kept.reduce((total, { rows }) => total + rows[name], 0)
  for (const name of ['hits', 'scintillator', 'ancillary', 'unmapped', 'malformed'] as const)
    expect(sampleValue(families, 'dtstream_rows_total', { class: name }), name).toBe(sum(name))
  expect(sampleValue(families, 'dtstream_rows_read_total')).toBe(20_000)
  expect(told).toBe(20_000)
  expect(sampleValue(families, 'dtstream_results_total')).toBe(sink.kept.length)
  const of = { sink: 'flaky:' }
  expect(sampleValue(families, 'dtstream_sink_written_total', of)).toBe(sink.kept.length)
  expect(sampleValue(families, 'dtstream_sink_retries_total', of)).toBe(sink.tries - sink.kept.length)
  expect(sink.tries).toBeGreaterThan(sink.kept.length)
})

it('begin at nothing', async () => {
  const metrics = new Metrics({ command: 'process' })
  topicMetrics(metrics, { status: () => NOT_STARTED, sinks: () => [], intervalMs: 1000 })
  const families = parseExposition(await metrics.text())
  const own = [...families.values()].filter(({ name }) => name.startsWith('dtstream_'))
  const values = own.flatMap(({ samples }) => samples.map(({ name, value }) => [name, value]))
  expect(values.filter(([, value]) => value !== 0)).toEqual([
    ['dtstream_build_info', 1],
    ['dtstream_interval_seconds', 1],
  ])
})

import { expect, it } from 'vitest'
import { Metrics } from '../../src/metrics/metrics.js'
import { replayMetrics } from '../../src/metrics/replay.js'
import { parseExposition, sampleValue } from '../support/exposition.js'

it.each([
  [1000, 1000],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  [undefined, undefined],
])('a replay of %s rows per second has its rate since the scrape before', async (wanted, target) => {
  const metrics = new Metrics({ command: 'replay' })
  let nowMs = 100
  let sent = 0
  replayMetrics(
    metrics,
    () => ({ sent, malformed: 3 }),
    wanted,
    () => nowMs,
  )
  const scrape = async () => parseExposition(await metrics.text())
  const rate = async () => sampleValue(await scrape(), 'dtstream_replay_rows_per_second')
  expect(await rate()).toBe(0)
  for (const [seconds, rows] of [
    [10, 9000],
    [15, 6000],
  ]) {
    nowMs += seconds * 1000
    sent += rows
    expect(await rate()).toBe(rows / seconds)
  }
  const families = await scrape()
  expect(sampleValue(families, 'dtstream_rows_sent_total')).toBe(15_000)
  expect(sampleValue(families, 'dtstream_malformed_sent_total')).toBe(3)
  expect(sampleValue(families, 'dtstream_replay_target_rows_per_second')).toBe(target)
})

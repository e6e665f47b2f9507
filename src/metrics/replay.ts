import { RateMeter } from '../cli/rate-meter.js'
import type { Metrics } from './metrics.js'

/**
 * What `replay` counts, as its summary says it.
 * @param read rows, and records that cannot be read, that were sent by this call
 * @param wantedRate rows per second, Infinity without a limit; undefined where the rows' own clock says
 * @param now ms of a clock that does not go back
 */
export function replayMetrics(
  metrics: Metrics,
  read: () => { sent: number; malformed: number },
  wantedRate: number | undefined,
  now: () => number,
): void {
  const meter = new RateMeter()
  meter.add(0, now())
  metrics.counter('dtstream_rows_sent_total', 'Rows sent to the topic by this replay.', () => read().sent)
  metrics.counter(
    'dtstream_malformed_sent_total',
    'Records that cannot be read, sent to the topic as they are by this replay.',
    () => read().malformed,
  )
  metrics.gauge(
    'dtstream_replay_target_rows_per_second',
    "The pace that was asked for; infinite for max, missing where the rows' own clock sets it.",
    () => wantedRate,
  )
  metrics.gauge(
    'dtstream_replay_rows_per_second',
    'Rows sent per second since the scrape before, or over the last 5 s where that is less.',
    () => {
      meter.add(read().sent, now())
      return meter.rate
    },
  )
}

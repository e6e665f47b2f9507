import type { WatchTotals } from '../dashboard/model.js'
import { ALARM_KINDS, type Alarm } from '../health/alarm.js'
import type { Metrics } from './metrics.js'

/** What knows the figures: of everything since the start, whatever the user has reset. */
export interface WatchReadings {
  totals(nowMs: number): WatchTotals
  health(): { readonly alarms: readonly Pick<Alarm, 'kind'>[] }
}

/** What `watch` knows. */
export function watchMetrics(metrics: Metrics, readings: WatchReadings, now: () => number): void {
  const totals = () => readings.totals(now())
  metrics.counter('dtstream_results_merged_total', 'Results added to the sum.', () => totals().results)
  metrics.counter(
    'dtstream_results_repeated_total',
    'Results left out, because the rows that they count are in the sum already.',
    () => totals().repeated,
  )
  metrics.gauge('dtstream_gaps', 'Holes in the ranges of rows that results cover.', () => totals().gaps)
  metrics.gauge(
    'dtstream_unprocessed_messages',
    'Messages of the raw topics that no result covers yet; missing where no topic is known.',
    () => totals().lagMessages,
  )
  metrics.gauge(
    'dtstream_newest_result_age_seconds',
    "Since the end of the newest result's interval; missing before the first result.",
    () => seconds(totals().ageMs),
  )
  metrics.gaugeBy('kind', 'dtstream_alarms', 'Alarms that last, by kind.', () => {
    const lasting = readings.health().alarms
    return ALARM_KINDS.map((kind) => [kind, lasting.filter((alarm) => alarm.kind === kind).length])
  })
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000
}

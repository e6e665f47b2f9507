import { ROW_CLASSES } from '../core/results/row-counts.js'
import type { Counted } from '../process/lane-counts.js'
import type { CommitTimes } from '../process/lane-runner.js'
import type { ProcessStatus } from '../process/process-topic.js'
import type { OpenedSink } from '../sinks/policy/guarded-sink.js'
import { parseUri } from '../uri.js'
import type { Metrics } from './metrics.js'

/** Of a latency: from a fraction of the shortest interval to a backlog, in s. */
const AGE_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
const COMMIT_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Where the figures are: as the status line and the summary of `process` say them. */
interface Readings<Status extends Counted> {
  status: () => Status
  sinks: () => readonly OpenedSink[]
}

/** What `process` counts, of topics and files alike. */
export function countedMetrics(metrics: Metrics, { status: counted, sinks }: Readings<Counted>): void {
  metrics.counter(
    'dtstream_rows_read_total',
    'Rows read, those that no result covers yet included.',
    () => counted().read,
  )
  metrics.counterBy('class', 'dtstream_rows_total', 'Rows that results cover, by class.', () =>
    ROW_CLASSES.map((name) => [name, counted().sent[name]]),
  )
  metrics.counter(
    'dtstream_rows_late_total',
    'Hits and scintillator signals whose orbit had been closed; counted in their class too.',
    () => counted().late,
  )
  metrics.counter('dtstream_results_total', 'Results sent.', () => counted().results)
  sinkMetrics(metrics, sinks)
}

/** What there is of `process` of a topic. @returns takes note of how long a result took */
export function topicMetrics(
  metrics: Metrics,
  { status, sinks, intervalMs }: Readings<ProcessStatus> & { intervalMs: number },
): (times: CommitTimes) => void {
  countedMetrics(metrics, { status, sinks })
  metrics.gauge('dtstream_lag_messages', 'Messages of the held lanes that are still to be read.', () => status().lag)
  metrics.gauge('dtstream_lanes', 'Lanes that this process holds.', () => status().lanes)
  metrics.gauge('dtstream_workers', 'Worker threads.', () => status().workers)
  metrics.counter(
    'dtstream_worker_restarts_total',
    'Worker threads that died and were replaced.',
    () => status().restarts,
  )
  metrics.gauge('dtstream_interval_seconds', 'How often a lane sends a result, as set.', () => intervalMs / 1000)
  const observeAge = metrics.histogram(
    'dtstream_result_latency_seconds',
    'From when the oldest row of a result was appended to its topic until the result was safe.',
    AGE_BUCKETS_S,
  )
  const observeCommit = metrics.histogram(
    'dtstream_commit_duration_seconds',
    "Time that the commit of a result and its lane's state took.",
    COMMIT_BUCKETS_S,
  )
  return ({ commitMs, ageMs }) => {
    observeCommit(commitMs / 1000)
    if (ageMs !== undefined) observeAge(ageMs / 1000)
  }
}

/** What became of results, for each sink that is no topic: those are written in the lane's own commit. */
function sinkMetrics(metrics: Metrics, sinks: () => readonly OpenedSink[]): void {
  const each = (outcome: 'written' | 'retried' | 'fallenBack' | 'dropped') => () =>
    sinks().flatMap(({ name, outcomes }) => (outcomes ? [[sinkLabel(name), outcomes[outcome]] as const] : []))
  const by = (name: string, help: string, outcome: Parameters<typeof each>[0]) =>
    metrics.counterBy('sink', name, help, each(outcome))
  by('dtstream_sink_written_total', 'Results that a sink has taken.', 'written')
  by('dtstream_sink_retries_total', 'Writes to a sink that were tried again.', 'retried')
  by('dtstream_sink_fallen_back_total', 'Results that its fallback has instead of a sink.', 'fallenBack')
  by('dtstream_sink_dropped_total', 'Results that a sink did not take, and that were dropped.', 'dropped')
}

/** Its URI without options, which may say more than a label should. */
function sinkLabel(uri: string): string {
  const { scheme, path } = parseUri(uri)
  return `${scheme}:${path}`
}

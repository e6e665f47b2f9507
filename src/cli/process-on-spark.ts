import { EXIT, ExpectedError } from '../errors.js'
import type { Log } from '../log/log.js'
import type { FoldSettings } from '../process/fold-settings.js'
import type { Counted } from '../process/lane-counts.js'
import type { S3Settings } from '../s3/settings.js'
import type { OpenedSink } from '../sinks/policy/guarded-sink.js'
import type { JobStatus } from '../spark/jobs/job-status.js'
import { parseUri } from '../uri.js'
import { RateMeter } from './rate-meter.js'
import { type SparkFlagValues, sparkPlaceOf } from './spark-flags.js'
import { jobInWords } from './spark-words.js'
import { topicOfUri } from './topic-uri.js'

/** What processing on Spark needs of its command. */
export interface SparkFace {
  /** of dtstream */
  version: string
  s3: S3Settings
  openLog(): Promise<Log>
  openSinks(): Promise<OpenedSink[]>
  /** shows on a line what is given, as long as the command runs */
  showStatus(words: () => string): void
  /** @param note told when the signal comes */
  stopSignal(note: string): AbortSignal
  tell(text: string): void
}

export interface SparkProcessFlags extends SparkFlagValues {
  from: string[]
  to: string[]
  group: string
  'from-end': boolean
  interval?: number | undefined
  strict: boolean
  checkpoint?: string | undefined
  'spark-batch-rows': number
  detach: boolean
}

/** With `--json`: a job on Spark, as far as it was followed. */
export interface JobSummary extends JobStatus {
  job: string
  detached: boolean
}

const DEFAULT_WINDOW_MS = 5000

/** A topic's rows to results by a job on Spark, until Ctrl-C; with `--detach` until it runs. */
export async function topicOnSpark(
  face: SparkFace,
  topic: string,
  flags: SparkProcessFlags,
  settings: FoldSettings,
): Promise<JobSummary> {
  const resultsTo = resultsTopic(flags.to)
  const place = await sparkPlaceOf(flags)
  const { processTopicOnSpark } = await import('../spark/process-topic-on-spark.js')
  const meter = new RateMeter()
  let words = 'Spark is being started'
  face.showStatus(() => words)
  const signal = face.stopSignal('stopping: the job ends with its last micro-batch')
  const status = await processTopicOnSpark({
    ...{ log: await face.openLog(), topic, resultsTo, group: flags.group, settings, place, signal },
    begin: flags['from-end'] ? 'end' : 'beginning',
    intervalMs: flags.interval ?? DEFAULT_WINDOW_MS,
    checkpoint: flags.checkpoint,
    batchRows: flags['spark-batch-rows'],
    detach: flags.detach,
    version: face.version,
    onNotice: face.tell,
    onStatus(now) {
      meter.add(now.read, performance.now())
      words = jobInWords(now, meter.rate)
    },
  })
  if (flags.detach) words = `the job goes on: dtstream jobs attach ${flags.group} follows it`
  return { job: flags.group, detached: flags.detach, ...status }
}

/** The batch analysis of files by Spark. */
export async function filesOnSpark(
  face: SparkFace,
  flags: SparkProcessFlags,
  settings: FoldSettings,
): Promise<{ counted: Counted; sinks: OpenedSink[] }> {
  const place = await sparkPlaceOf(flags)
  const { processFilesOnSpark } = await import('../spark/process-files-on-spark.js')
  let words = ''
  face.showStatus(() => words)
  const signal = face.stopSignal('stopping')
  const sinks = await face.openSinks()
  const counted = await processFilesOnSpark({
    ...{ ...settings, place, sinks, signal, uris: flags.from, s3: face.s3 },
    worker: `batch/spark-${process.pid}/0`,
    intervalMs: flags.interval,
    strict: flags.strict,
    wallNow: () => Date.now(),
    onStep(step) {
      words = step
    },
  })
  return { counted, sinks }
}

/** @throws ExpectedError (exit code 2) for anything but one topic: Spark itself writes the results there */
function resultsTopic(to: readonly string[]): string {
  if (to.length === 1 && parseUri(to[0]).scheme === 'topic') return topicOfUri(to[0])
  throw new ExpectedError(
    'a job on Spark sends its results to one topic',
    ['--to topic:NAME; from there dtstream merge takes them to any sink'],
    EXIT.usage,
  )
}

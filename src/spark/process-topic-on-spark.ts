import { CLEAN_TOPIC, ensureTopic } from '../log/default-topics.js'
import type { Log } from '../log/log.js'
import { noSuchTopic } from '../log/topic-spec.js'
import type { FoldSettings } from '../process/fold-settings.js'
import { JobBook } from './jobs/job-book.js'
import { type JobStatus, NOTHING_DONE } from './jobs/job-status.js'
import { jobsFolder } from './jobs/jobs-folder.js'
import type { SparkPlace } from './jobs/spark-place.js'
import { startJob } from './jobs/start-job.js'
import { kafkaOptionsOf } from './kafka-options.js'

export interface SparkTopicOptions {
  log: Log
  /** of the rows, and of the results */
  topic: string
  resultsTo: string
  group: string
  settings: FoldSettings
  begin: 'beginning' | 'end'
  intervalMs: number
  place: SparkPlace
  checkpoint: string | undefined
  batchRows: number
  /** leaves the job to itself when it runs */
  detach: boolean
  /** of dtstream */
  version: string
  signal: AbortSignal
  onStatus(status: JobStatus): void
  onNotice(text: string): void
}

/**
 * Has Spark make results of a topic's rows: until the signal aborts, which stops the job, or with `detach` until it runs.
 * @throws ExpectedError where topics or Spark are not to be had, the job runs already or is another, or it fails
 */
export async function processTopicOnSpark(options: SparkTopicOptions): Promise<JobStatus> {
  const { log, group, settings, begin, intervalMs, place, checkpoint, batchRows, version, signal, onNotice } = options
  const kafka = kafkaOptionsOf(log)
  // Spark would wait for ever for a broker, and end with a stack trace for want of a topic
  const topic = await log.topic(options.topic)
  if (!topic) throw noSuchTopic(options.topic)
  const resultsTo = await ensureTopic(log, options.resultsTo, { ...CLEAN_TOPIC, name: options.resultsTo })
  const { run, geometry, grace, orbitDetail } = settings
  const request = { group, run, geometry, topic, resultsTo, begin, intervalMs, grace, orbitDetail }
  const surroundings = { log, kafka, book: new JobBook(jobsFolder()), signal, onNotice }
  const job = await startJob({ request, place, checkpoint, batchRows, version }, surroundings)
  if (!job) return NOTHING_DONE
  if (options.detach) {
    job.letGo()
    return NOTHING_DONE
  }
  return job.follow(options.onStatus, 'stop')
}

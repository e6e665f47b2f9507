import type { Log } from '../../log/log.js'
import { kafkaOptionsOf } from '../kafka-options.js'
import { JobBook } from './job-book.js'
import { type JobStatus, NOTHING_DONE } from './job-status.js'
import { jobsFolder } from './jobs-folder.js'
import { SparkJob } from './spark-job.js'

export interface AttachOptions {
  /** for a job that has to be started again; asked for when the job is found */
  openLog(): Promise<Log>
  signal: AbortSignal
  onStatus(status: JobStatus): void
  onNotice(text: string): void
}

/**
 * Follows a job of the book until the signal aborts, and then leaves it to itself. One that no longer runs is started
 * again from its checkpoint.
 * @throws ExpectedError where there is none of that name, its Spark does not answer, or it fails
 */
export async function attachJob(
  name: string,
  { openLog, signal, onStatus, onNotice }: AttachOptions,
): Promise<JobStatus> {
  const book = new JobBook(jobsFolder())
  book.get(name)
  const log = await openLog()
  const kafka = kafkaOptionsOf(log)
  const job = await SparkJob.takeUp(name, { log, kafka, book, signal, onNotice }).catch((error) => {
    if (error !== signal.reason) throw error
  })
  return job ? job.follow(onStatus, 'leave') : NOTHING_DONE
}

import { JobBook } from './job-book.js'
import { jobsFolder } from './jobs-folder.js'
import { SparkJob } from './spark-job.js'

/**
 * Stops a job of the book, and forgets it; its checkpoint stays.
 * @throws ExpectedError where there is none of that name, or its Spark does not answer
 */
export function stopJob(name: string, signal: AbortSignal): Promise<void> {
  return SparkJob.stop(name, new JobBook(jobsFolder()), signal)
}

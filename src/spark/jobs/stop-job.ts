import { JobBook } from './job-book.js'
import { jobsFolder } from './jobs-folder.js'
import { SparkJob } from './spark-job.js'

/**
 * Stops a job of the book, and forgets it; its checkpoint stays.
 * @throws ExpectedError where there is none of that name, or its Spark does not answer
 */
export async function stopJob(name: string): Promise<void> {
  const book = new JobBook(jobsFolder())
  await SparkJob.stop(book.get(name), book)
}

import { describeEndpoint } from '../connect/endpoint.js'
import { SparkError } from '../connect/failures.js'
import type { JobEntry } from './job-book.js'
import { findSession } from './spark-job.js'

/** A job as it is listed. */
export interface JobFacts {
  name: string
  /** `lost`: its Spark does not answer, or not to us */
  state: 'running' | 'ended' | 'lost'
  topic: string
  resultsTo: string
  /** HOST:PORT of the Connect server */
  spark: string
  checkpoint: string
  /** ISO */
  startedAt: string
}

/** Asks a job's Spark how it is. */
export async function jobFacts(entry: JobEntry): Promise<JobFacts> {
  const { name, plan, resultsTo, endpoint, checkpoint, startedAt } = entry
  const of = { topic: plan.topic, resultsTo: resultsTo.name, spark: describeEndpoint(endpoint), checkpoint, startedAt }
  return { name, state: await stateOf(entry), ...of }
}

async function stateOf(entry: JobEntry): Promise<JobFacts['state']> {
  try {
    const found = await findSession(entry)
    found?.session.close()
    return found?.isRunning ? 'running' : 'ended'
  } catch (error) {
    if (error instanceof SparkError) return 'lost'
    throw error
  }
}

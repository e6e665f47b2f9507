import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../errors.js'
import { isLost, isQueryGone, isSessionGone } from '../connect/failures.js'
import type { StreamingQuery } from '../connect/streaming-query.js'
import { afterReport, type JobStatus, NOTHING_DONE } from './job-status.js'
import type { JobQueries } from './start-queries.js'

export interface FollowOptions {
  queries: JobQueries
  group: string
  /** orbits by which rows may come late */
  grace: number
  signal: AbortSignal
  /** Starts the job's queries again, at another server if need be. */
  startAgain(): Promise<JobQueries>
  onStatus(status: JobStatus): void
  /** told in a sentence what is waited for, or was started again */
  onNotice(text: string): void
}

const LOOK_MS = 1000
/** Tries to find the server again, one after the other, each twice as long after the one before. */
const MOST_TRIES = 6
const FIRST_WAIT_MS = 1000

/**
 * Follows a job until the signal aborts. Where the server or the way to it is lost, its queries are started again from
 * their checkpoints.
 * @throws SparkError where a query failed; ExpectedError where Spark dropped rows, or the server does not come back
 */
export async function followJob(options: FollowOptions): Promise<JobStatus> {
  const follower = new Follower(options)
  while (!options.signal.aborted) {
    await follower.look()
    await sleep(LOOK_MS, undefined, { signal: options.signal }).catch(() => {})
  }
  return follower.status
}

class Follower {
  status: JobStatus = NOTHING_DONE
  private queries: JobQueries
  private seen: { runId: string; batchId: number } | undefined

  constructor(private readonly options: FollowOptions) {
    this.queries = options.queries
  }

  async look(): Promise<void> {
    try {
      await this.readReports()
      for (const query of Object.values(this.queries)) await refuseEnded(query)
    } catch (error) {
      if (!isPassing(error)) throw error
      await this.recover(error as Error)
    }
    if (this.status.dropped > 0) throw droppedRows(this.status, this.options)
  }

  private async readReports(): Promise<void> {
    for (const report of await this.queries.windows.progress()) {
      const isNew = report.runId !== this.seen?.runId || report.batchId > this.seen.batchId
      if (!isNew) continue
      this.seen = { runId: report.runId, batchId: report.batchId }
      this.status = afterReport(this.status, report)
    }
    this.options.onStatus(this.status)
  }

  private async recover(cause: Error): Promise<void> {
    const { signal, startAgain, onNotice } = this.options
    onNotice(`${cause.message}: the job is started again from its checkpoint`)
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.queries = await startAgain()
        this.status = { ...this.status, restarts: this.status.restarts + 1 }
        return
      } catch (error) {
        if (!isPassing(error) || attempt === MOST_TRIES - 1) throw error
        await sleep(FIRST_WAIT_MS * 2 ** attempt, undefined, { signal }).catch(() => {})
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  return isLost(error) || isSessionGone(error) || isQueryGone(error)
}

/** @throws SparkError with what ended a query */
async function refuseEnded(query: StreamingQuery): Promise<void> {
  const { isActive } = await query.status()
  if (isActive) return
  const failure = await query.exception()
  throw failure ?? new ExpectedError('somebody stopped the query in Spark', ['dtstream jobs attach starts it again'])
}

function droppedRows({ dropped, batch }: JobStatus, { group, grace }: FollowOptions): ExpectedError {
  return new ExpectedError(
    `Spark dropped the rows of ${dropped} orbits, up to micro-batch ${batch?.id}: they came after their windows had closed, so the results lack them`,
    [
      `a new run: a job is of one run, and another needs a --group of its own (this is ${group}), --from-end or a topic of its own`,
      'an absurd orbit: dtstream process without --engine spark passes it over, and follows restarts too',
      `rows out of order by more than --grace ${grace} orbits: a new job with a larger one`,
    ],
  )
}

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
  /** Finds the job's queries again, or starts them again from their checkpoints, at another server if need be. */
  findAgain(): Promise<{ queries: JobQueries; isStartedAgain: boolean }>
  onStatus(status: JobStatus): void
  /** told in a sentence what is waited for, or was started again */
  onNotice(text: string): void
}

const LOOK_MS = 1000
/** Tries to find the server again, each twice as long after the one before: two minutes in all. */
const MOST_TRIES = 8
const FIRST_WAIT_MS = 1000

/** Follows the queries of a job, through the loss of their server or of the way to it. */
export class JobFollower {
  status: JobStatus = NOTHING_DONE
  private queries: JobQueries
  private seen: { runId: string; batchId: number } | undefined

  constructor(private readonly options: FollowOptions) {
    this.queries = options.queries
  }

  /**
   * Follows until the signal aborts.
   * @throws SparkError where a query failed; ExpectedError where Spark dropped rows, or the server does not come back
   */
  async follow(): Promise<void> {
    const { signal } = this.options
    while (!signal.aborted) {
      await this.look()
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
    }
  }

  /**
   * Takes in the reports that have come since.
   * @throws ExpectedError where Spark dropped rows
   */
  async readReports(): Promise<void> {
    for (const report of await this.queries.windows.progress()) {
      const isNew = report.runId !== this.seen?.runId || report.batchId > this.seen.batchId
      if (!isNew) continue
      this.seen = { runId: report.runId, batchId: report.batchId }
      this.status = afterReport(this.status, report)
    }
    this.options.onStatus(this.status)
    if (this.status.dropped > 0) throw droppedRows(this.status, this.options)
  }

  private async look(): Promise<void> {
    try {
      await this.readReports()
      for (const query of Object.values(this.queries)) await refuseEnded(query)
    } catch (error) {
      if (!isPassing(error)) throw error
      await this.recover(error)
    }
  }

  private async recover(cause: Error): Promise<void> {
    const { signal, findAgain, onNotice } = this.options
    onNotice(`${cause.message}: looking for the job again`)
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const { queries, isStartedAgain } = await findAgain()
        this.queries = queries
        if (!isStartedAgain) return
        this.status = { ...this.status, restarts: this.status.restarts + 1 }
        onNotice('the job was started again from its checkpoint')
        return
      } catch (error) {
        if (signal.aborted) return
        if (!isPassing(error) || attempt === MOST_TRIES) throw error
        await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => {})
      }
    }
  }
}

function isPassing(error: unknown): error is Error {
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

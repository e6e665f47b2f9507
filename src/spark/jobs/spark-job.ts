import { hasEnded, ownIdentity } from '../../log/embedded/process-identity.js'
import { isQueryGone, isSessionGone } from '../connect/failures.js'
import { SparkSession } from '../connect/session.js'
import type { StreamingQuery } from '../connect/streaming-query.js'
import type { KafkaOptions } from '../kafka-options.js'
import { stopServer } from '../server/stop-server.js'
import { followJob } from './follow-job.js'
import type { JobBook, JobEntry } from './job-book.js'
import type { JobStatus } from './job-status.js'
import { type OpenedSpark, reopenSpark } from './spark-place.js'
import { type JobQueries, startQueries } from './start-queries.js'

/** What a job needs of its surroundings. */
export interface JobSurroundings {
  kafka: KafkaOptions
  book: JobBook
  signal: AbortSignal
  onNotice(text: string): void
}

/** A job whose queries run, as this process sees it. The book knows of it until it is stopped. */
export class SparkJob {
  private constructor(
    private session: SparkSession,
    private entry: JobEntry,
    private queries: JobQueries,
    private readonly surroundings: JobSurroundings,
  ) {}

  /** Starts the queries of a job in a new session and enters it in the book. */
  static async start(
    { session, server }: OpenedSpark,
    of: Omit<JobEntry, 'session' | 'queries' | 'server'>,
    surroundings: JobSurroundings,
  ): Promise<SparkJob> {
    const { plan, resultsTo, checkpoint, batchRows } = of
    const { kafka, book } = surroundings
    const queries = await startQueries(session, { plan, kafka, resultsTo, checkpoint, batchRows })
    const ids = { windows: queries.windows.queryId, rows: queries.rows.queryId }
    const entry = { ...of, session: session.identity, queries: ids, ...(server ? { server } : {}) }
    book.write(entry)
    return new SparkJob(session, entry, queries, surroundings)
  }

  /**
   * Takes up a job of the book: as it runs, or where it no longer does, by starting it again from its checkpoint.
   * @throws SparkError where the server does not answer
   */
  static async takeUp(entry: JobEntry, surroundings: JobSurroundings): Promise<SparkJob> {
    const found = await findSession(entry)
    if (found?.isRunning) return new SparkJob(found.session, entry, found.queries, surroundings)
    if (found) await end(found)
    const { server: _, ...of } = entry
    const opened = await reopenSpark(entry, surroundings.signal)
    try {
      return await SparkJob.start(opened, of, surroundings)
    } catch (error) {
      opened.session.close()
      throw error
    }
  }

  /**
   * Ends the queries of a job of the book, their session, and the server where it was started for the job. The
   * checkpoint stays, to go on from.
   */
  static async stop(entry: JobEntry, book: JobBook): Promise<void> {
    try {
      const found = await findSession(entry)
      if (found) await end(found)
    } finally {
      if (entry.server) await stopServer(entry.server.process)
    }
    book.remove(entry.name)
  }

  /**
   * Follows the job until the signal aborts; see `followJob`. What this process follows is told in the book.
   * @throws as followJob; the job's queries are stopped then, and the book forgets it
   */
  async follow(onStatus: (status: JobStatus) => void): Promise<JobStatus> {
    const { signal, onNotice, book } = this.surroundings
    this.entry = { ...this.entry, follower: ownIdentity() }
    book.write(this.entry)
    const { group, grace } = this.entry.plan
    try {
      return await followJob({
        ...{ queries: this.queries, group, grace, signal, onStatus, onNotice },
        startAgain: () => this.startAgain(),
      })
    } catch (error) {
      await this.stop().catch(() => {})
      throw error
    }
  }

  /** Ends the job; see `SparkJob.stop`. */
  async stop(): Promise<void> {
    this.session.close()
    await SparkJob.stop(this.entry, this.surroundings.book)
  }

  /** Leaves the job to itself. */
  letGo(): void {
    const { follower: _, ...entry } = this.entry
    this.surroundings.book.write(entry)
    this.session.close()
  }

  private async startAgain(): Promise<JobQueries> {
    this.session.close()
    const again = await SparkJob.takeUp(this.entry, this.surroundings)
    this.session = again.session
    this.entry = { ...again.entry, follower: ownIdentity() }
    this.queries = again.queries
    return this.queries
  }
}

interface FoundSession {
  session: SparkSession
  queries: JobQueries
  /** both queries run */
  isRunning: boolean
}

/** The session of a job; undefined where it is gone with its server. */
export async function findSession(entry: JobEntry): Promise<FoundSession | undefined> {
  if (entry.server && hasEnded(entry.server.process)) return undefined
  const session = new SparkSession(entry.endpoint, entry.session)
  const queries = { windows: session.query(entry.queries.windows), rows: session.query(entry.queries.rows) }
  try {
    return { session, queries, isRunning: (await runs(queries.windows)) && (await runs(queries.rows)) }
  } catch (error) {
    session.close()
    if (isSessionGone(error)) return undefined
    throw error
  }
}

async function runs(query: StreamingQuery): Promise<boolean> {
  try {
    return (await query.status()).isActive
  } catch (error) {
    if (isQueryGone(error)) return false
    throw error
  }
}

async function end({ session, queries }: FoundSession): Promise<void> {
  try {
    for (const query of [queries.windows, queries.rows]) if (await runs(query)) await query.stop()
    await session.release()
  } finally {
    session.close()
  }
}

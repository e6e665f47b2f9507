import { hasEnded } from '../../log/embedded/process-identity.js'
import type { Log } from '../../log/log.js'
import { isLost, isQueryGone, isSessionGone, SparkError } from '../connect/failures.js'
import { SparkSession } from '../connect/session.js'
import type { StreamingQuery } from '../connect/streaming-query.js'
import type { KafkaOptions } from '../kafka-options.js'
import { stopServer } from '../server/stop-server.js'
import { committedOffsets, queryFolder } from './checkpoint.js'
import { endedPartitions } from './ended-partitions.js'
import { JobFollower, stopped } from './follow-job.js'
import type { JobBook, JobEntry } from './job-book.js'
import { withJobLocked } from './job-lock.js'
import type { JobStatus } from './job-status.js'
import { type OpenedSpark, reopenSpark } from './spark-place.js'
import { type JobQueries, startQueries } from './start-queries.js'

/** What a job needs of its surroundings. */
export interface JobSurroundings {
  log: Log
  /** of the same log */
  kafka: KafkaOptions
  book: JobBook
  signal: AbortSignal
  onNotice(text: string): void
}

/** A job whose queries run, as this process sees it. The book knows of it until it is stopped. */
export class SparkJob {
  constructor(
    private session: SparkSession,
    private entry: JobEntry,
    private queries: JobQueries,
    private readonly surroundings: JobSurroundings,
  ) {}

  /**
   * Starts the queries of a job in a new session and enters it in the book.
   * @throws ExpectedError where that fails; then Spark is closed
   */
  static async start(
    opened: OpenedSpark,
    of: Omit<JobEntry, 'session' | 'queries' | 'server'>,
    surroundings: JobSurroundings,
  ): Promise<SparkJob> {
    const { session, server } = opened
    const { plan, resultsTo, checkpoint, batchRows } = of
    const { log, kafka, book } = surroundings
    try {
      const ended = await endedBefore(session, of, log)
      const queries = await startQueries(session, { plan, kafka, resultsTo, checkpoint, batchRows, ended })
      const ids = { windows: queries.windows.queryId, rows: queries.rows.queryId }
      const entry = { ...of, session: session.identity, queries: ids, ...(server ? { server } : {}) }
      book.write(entry)
      return new SparkJob(session, entry, queries, surroundings)
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  /**
   * Takes up a job of the book: as it runs, or where it no longer does, by starting it again from its checkpoint.
   * @throws ExpectedError where there is none of that name; SparkError where the server does not answer
   */
  static async takeUp(name: string, surroundings: JobSurroundings): Promise<SparkJob> {
    const { book, signal } = surroundings
    book.get(name)
    // while one waits for the lock, another may have started the job again, or stopped it
    return withJobLocked(book.folderOf(name), () => takeUpEntry(book.get(name), surroundings), signal)
  }

  /**
   * Ends the queries of a job of the book, their session, and the server where it was started for the job. The
   * checkpoint stays, to go on from.
   * @throws ExpectedError where there is none of that name; SparkError where the server does not answer
   */
  static async stop(name: string, book: JobBook): Promise<void> {
    book.get(name)
    await withJobLocked(book.folderOf(name), async () => {
      const entry = book.get(name)
      try {
        const found = await findSessionForUser(entry, book)
        if (found) await end(found)
      } finally {
        if (entry.server) await stopServer(entry.server.process)
      }
      book.remove(name)
    })
  }

  /**
   * Follows the job until the signal aborts; see `JobFollower`.
   * @param then what becomes of the job
   * @throws as JobFollower; the job is stopped then
   */
  async follow(onStatus: (status: JobStatus) => void, then: 'stop' | 'leave'): Promise<JobStatus> {
    const { signal, onNotice } = this.surroundings
    const { group, grace } = this.entry.plan
    const { queries } = this
    const findAgain = () => this.findAgain()
    const follower = new JobFollower({ queries, group, grace, signal, findAgain, onStatus, onNotice })
    try {
      await follower.follow()
      if (then === 'stop') await this.finish(follower)
    } catch (error) {
      await this.stop().catch(() => {})
      throw error
    }
    this.session.close()
    return follower.status
  }

  /** Leaves the job to itself. */
  letGo(): void {
    this.session.close()
  }

  /** Ends the job, when all that it has reported is seen. */
  private async finish(follower: JobFollower): Promise<void> {
    try {
      await stopQueries(this.queries)
      await follower.readReports()
    } catch (error) {
      // with its server went what it had to report
      if (!isLost(error) && !isSessionGone(error) && !isQueryGone(error)) throw error
    }
    await this.stop()
  }

  private async stop(): Promise<void> {
    this.session.close()
    const { book } = this.surroundings
    // somebody else may have stopped it
    if (book.find(this.entry.name)) await SparkJob.stop(this.entry.name, book)
  }

  private async findAgain(): Promise<{ queries: JobQueries; isStartedAgain: boolean }> {
    const { name, queries } = this.entry
    const { book } = this.surroundings
    this.session.close()
    const again = await SparkJob.takeUp(name, this.surroundings).catch((error) => {
      throw book.find(name) ? error : stopped(name)
    })
    this.session = again.session
    this.entry = again.entry
    this.queries = again.queries
    return { queries: this.queries, isStartedAgain: again.entry.queries.windows.runId !== queries.windows.runId }
  }
}

/** The partitions that had ended when the job was last at work. */
async function endedBefore(
  session: SparkSession,
  { plan, checkpoint }: Pick<JobEntry, 'plan' | 'checkpoint'>,
  log: Log,
): Promise<Set<number>> {
  const { topic, since } = plan
  const until = await committedOffsets(session, queryFolder(checkpoint, 'windows'), topic)
  return until ? endedPartitions(log, topic, { since, until }) : new Set()
}

async function takeUpEntry(entry: JobEntry, surroundings: JobSurroundings): Promise<SparkJob> {
  const found = await findSession(entry)
  if (found?.isRunning) return new SparkJob(found.session, entry, found.queries, surroundings)
  if (found) await end(found)
  const { server: _, ...of } = entry
  const opened = await reopenSpark(entry, surroundings.signal)
  return SparkJob.start(opened, of, surroundings)
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

/** The same where the user has to know what to do about a Spark that is lost for good. */
export async function findSessionForUser(entry: JobEntry, book: JobBook): Promise<FoundSession | undefined> {
  try {
    return await findSession(entry)
  } catch (error) {
    if (!(error instanceof SparkError) || !isLost(error)) throw error
    const forget = `where it will never answer again: remove ${book.fileOf(entry.name)}, by which the job is forgotten`
    throw new SparkError(error.message, [...error.suggestions, forget], error.trouble, error.errorClass, error.detail)
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
    await stopQueries(queries)
    await session.release()
  } finally {
    session.close()
  }
}

async function stopQueries({ windows, rows }: JobQueries): Promise<void> {
  for (const query of [windows, rows]) if (await runs(query)) await query.stop()
}

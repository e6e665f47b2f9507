import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryProgress } from '../../src/spark/connect/progress.js'
import { SparkSession } from '../../src/spark/connect/session.js'
import { JobBook, type JobEntry } from '../../src/spark/jobs/job-book.js'

const LOOK_MS = 1000

/** Collects what Spark reports of a job's windows while the job runs. Spark keeps fifty reports, so none is missed. */
export class JobReports {
  private readonly seen = new Map<number, QueryProgress>()
  private open = true
  private readonly reading: Promise<void>
  private failure: unknown

  /** @param dataHome XDG_DATA_HOME of the command that starts the job */
  constructor(dataHome: string, job: string) {
    this.reading = this.read(new JobBook(join(dataHome, 'dtstream', 'spark')), job)
    this.reading.catch((error) => {
      this.failure = error
    })
  }

  /** Of micro-batches that had rows, in order. @throws SparkError where the server could not be asked */
  get batches(): QueryProgress[] {
    if (this.failure) throw this.failure
    return [...this.seen.values()].filter(({ numInputRows }) => numInputRows > 0)
  }

  /** @throws SparkError where the server could not be asked */
  async close(): Promise<void> {
    this.open = false
    await this.reading
  }

  private async read(book: JobBook, job: string): Promise<void> {
    let entry: JobEntry | undefined
    for (; this.open && !entry; await sleep(LOOK_MS)) entry = book.find(job)
    if (!entry) return
    const session = new SparkSession(entry.endpoint, entry.session)
    try {
      const query = session.query(entry.queries.windows)
      for (; this.open; await sleep(LOOK_MS))
        for (const report of await query.progress()) this.seen.set(report.batchId, report)
      for (const report of await query.progress()) this.seen.set(report.batchId, report)
    } finally {
      session.close()
    }
  }
}

/** When a micro-batch had ended, ms since 1970. */
export function endOf({ startedMs, durationMs }: QueryProgress): number {
  return startedMs + (durationMs.triggerExecution ?? 0)
}

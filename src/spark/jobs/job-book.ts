import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ExpectedError } from '../../errors.js'
import type { ProcessIdentity } from '../../log/embedded/process-identity.js'
import { nearestName } from '../../nearest-name.js'
import type { Endpoint } from '../connect/endpoint.js'
import type { QueryId } from '../connect/messages.js'
import type { SessionIdentity } from '../connect/session.js'
import type { SparkConf } from '../server/settings.js'
import type { JobPlan } from '../sql/job-statements.js'

/** What is needed to find a job again, or to start it again, from another process of the same user. Plain JSON. */
export interface JobEntry {
  format: 1
  /** also the group of its results */
  name: string
  plan: JobPlan
  resultsTo: { name: string; maxMessageBytes: number }
  checkpoint: string
  batchRows: number
  /** ISO */
  startedAt: string
  /** of a server that was started for the job it has the token */
  endpoint: Endpoint
  /** of its session */
  conf: SparkConf
  session: SessionIdentity
  queries: { windows: QueryId; rows: QueryId }
  /** where the server was started for the job */
  server?: ServerEntry
}

export interface ServerEntry {
  process: ProcessIdentity
  home: string
  master: string
  conf: SparkConf
  logPath: string
}

/** The jobs that this user has started on this machine: a file each, which others cannot read. */
export class JobBook {
  /** @param folder made with the first entry */
  constructor(private readonly folder: string) {}

  /** Where a job keeps what is its own on this machine. */
  folderOf(name: string): string {
    return join(this.folder, encodeURIComponent(name).replaceAll('.', '%2E'))
  }

  /** The file of a job's entry. */
  fileOf(name: string): string {
    return join(this.folderOf(name), 'job.json')
  }

  entries(): JobEntry[] {
    return namesIn(this.folder).flatMap((name) => this.find(decodeURIComponent(name)) ?? [])
  }

  find(name: string): JobEntry | undefined {
    try {
      return JSON.parse(readFileSync(this.fileOf(name), 'utf8')) as JobEntry
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new ExpectedError(`the entry of job ${name} cannot be read: ${(error as Error).message}`, [
        `remove ${this.fileOf(name)}; a job that goes on is found again by starting it again`,
      ])
    }
  }

  /** @throws ExpectedError where there is none of that name, with the nearest that there is */
  get(name: string): JobEntry {
    const entry = this.find(name)
    if (entry) return entry
    const near = nearestName(
      name,
      this.entries().map((other) => other.name),
    )
    throw new ExpectedError(`there is no job ${name}`, [near ?? 'dtstream jobs list shows those there are'])
  }

  /** Whole or not at all. */
  write(entry: JobEntry): void {
    const file = this.fileOf(entry.name)
    mkdirSync(this.folderOf(entry.name), { recursive: true, mode: 0o700 })
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, JSON.stringify(entry, null, 2), { mode: 0o600 })
    renameSync(draft, file)
  }

  /** The entry alone: its checkpoint stays, to go on from. */
  remove(name: string): void {
    rmSync(this.fileOf(name), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

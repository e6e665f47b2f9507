import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EXIT, ExpectedError } from '../../errors.js'
import { hasEnded } from '../../log/embedded/process-identity.js'
import { type Endpoint, isLoopback } from '../connect/endpoint.js'
import { SparkSession } from '../connect/session.js'
import type { SparkConf } from '../server/settings.js'
import { findSparkHome } from '../server/spark-home.js'
import { type RunningServer, startServer } from '../server/start-server.js'
import type { ServerEntry } from './job-book.js'

/** Where Spark is: a Connect server that runs, or a folder from which one is started. */
export type SparkPlace =
  | { kind: 'remote'; endpoint: Endpoint; conf: SparkConf }
  | { kind: 'home'; folder: string | undefined; master: string; conf: SparkConf }

/** A session, and the server that was started for it, if one was. */
export interface OpenedSpark {
  session: SparkSession
  server?: ServerEntry
  /** Ends the session, and the server where it was started just now. */
  close(): Promise<void>
}

/** What our SQL and what we read of Spark depend on. */
const OF_JOB: SparkConf = {
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.streaming.numRecentProgressUpdates': '50',
  // so that the sources of all partitions share what is compiled for them
  'spark.sql.codegen.useIdInClassName': 'false',
  // orbits of a task above which their hits are gathered by sorting; Spark's own 128 means always
  'spark.sql.objectHashAggregate.sortBased.fallbackThreshold': '1000000',
}
export const KEYS_OF_JOB = Object.keys(OF_JOB)

/**
 * Opens a session, starting a server where that is asked for.
 * @param folder of this machine, for the server's log
 */
export async function openSpark(place: SparkPlace, folder: string, signal: AbortSignal): Promise<OpenedSpark> {
  if (place.kind === 'remote') return openedAt(place.endpoint, place.conf)
  const { conf, master } = place
  const home = findSparkHome(place.folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const logPath = join(folder, 'spark.log')
  const started = await startServer({ home, master, conf, logPath, signal })
  return openedBy(started, { home: home.folder, master, conf, logPath })
}

/** A new session where the last one was: the server that was started for it is started again where it has ended. */
export async function reopenSpark(
  place: { endpoint: Endpoint; conf: SparkConf; server?: ServerEntry | undefined },
  signal: AbortSignal,
): Promise<OpenedSpark> {
  const { endpoint, server } = place
  if (!server) return openedAt(endpoint, place.conf)
  if (!hasEnded(server.process)) return { ...(await openedAt(endpoint, {})), server }
  const home = findSparkHome(server.home)
  return openedBy(await startServer({ ...server, home, endpoint, signal }), server)
}

async function openedBy(started: RunningServer, of: Omit<ServerEntry, 'process'>): Promise<OpenedSpark> {
  try {
    const opened = await openedAt(started.endpoint, {})
    const close = () => opened.close().finally(started.stop)
    return { session: opened.session, server: { ...of, process: started.process }, close }
  } catch (error) {
    await started.stop()
    throw error
  }
}

async function openedAt(endpoint: Endpoint, conf: SparkConf): Promise<OpenedSpark> {
  const session = await sessionAt(endpoint, conf)
  const close = async () => {
    await session.release().catch(() => {})
    session.close()
  }
  return { session, close }
}

async function sessionAt(endpoint: Endpoint, conf: SparkConf): Promise<SparkSession> {
  const session = new SparkSession(endpoint)
  try {
    await session.setConf({ ...OF_JOB, ...conf })
    return session
  } catch (error) {
    session.close()
    throw error
  }
}

/**
 * Where a job's checkpoint is: as given, else in its folder on this machine, where Spark is on this machine alone.
 * @throws ExpectedError (exit code 2) where executors elsewhere could not see that folder
 */
export function checkpointOf(given: string | undefined, place: SparkPlace, folder: string): string {
  if (given !== undefined) return /^[a-z][a-z0-9+.-]*:\//i.test(given) ? given : pathToFileURL(given).href
  if (isOfThisMachine(place)) return pathToFileURL(join(folder, 'checkpoint')).href
  throw new ExpectedError(
    "the job's checkpoint must lie where every executor can read and write it",
    ['name the folder: --checkpoint hdfs://..., s3a://..., or file:///... of a file system that all share'],
    EXIT.usage,
  )
}

function isOfThisMachine(place: SparkPlace): boolean {
  if (place.kind === 'remote') return isLoopback(place.endpoint.host)
  const { master } = place
  return /^local(\[|$)/.test(master) || isLoopback(/^spark:\/\/(.*):\d+$/.exec(master)?.[1] ?? '')
}

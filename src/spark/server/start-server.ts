import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../errors.js'
import { identityOf, type ProcessIdentity } from '../../log/embedded/process-identity.js'
import { type Endpoint, isLoopback } from '../connect/endpoint.js'
import { freePort } from './free-port.js'
import { listens } from './listens.js'
import { reasonInLog } from './log-reason.js'
import { sparkDefaults, writePropertiesFile } from './properties-file.js'
import type { SparkConf } from './settings.js'
import { type SparkHome, submitOf } from './spark-home.js'
import { stopServer } from './stop-server.js'

const LOOPBACK = '127.0.0.1'
const SERVER = 'org.apache.spark.sql.connect.service.SparkConnectServer'
/** A cluster that does not answer is given up by Spark after a minute. */
const LONGEST_START_MS = 180_000
const LONGEST_END_MS = 5000
const LOOK_MS = 50
const NAME = 'dtstream'

export interface ServerOptions {
  home: SparkHome
  /** `local[*]`, `spark://HOST:PORT` */
  master: string
  conf: SparkConf
  /** what the server says is appended to this file */
  logPath: string
  /** of a server that has ended, whose place the new one takes for its clients */
  endpoint?: Endpoint
  signal?: AbortSignal
}

/** A server that another process can stop too, by its identity. */
export interface RunningServer {
  /** with the token that the server asks of its clients */
  endpoint: Endpoint
  process: ProcessIdentity
  stop(): Promise<void>
}

/**
 * Starts a Spark Connect server on the loopback and waits until it listens. It has a process group of its own, so that
 * the terminal's Ctrl-C is not for it, and outlives this process.
 * @throws ExpectedError where it ends early or takes too long; then nothing of it is left
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const endpoint = options.endpoint ?? (await newEndpoint())
  await untilFree(endpoint.port)
  const file = writePropertiesFile(confOf(options, endpoint.port), sparkDefaults(options.home.folder))
  const log = openSync(options.logPath, 'a', 0o600)
  try {
    const logStart = fstatSync(log).size
    const child = await launch(options, file.path, endpoint.token, log)
    const identity = identityOf(child.pid as number)
    const stop = () => stopServer(identity)
    await untilItListens(child, endpoint.port, logStart, options).catch(async (error) => {
      await stop()
      throw error
    })
    return { endpoint, process: identity, stop }
  } finally {
    closeSync(log)
    file.remove()
  }
}

/** One that was killed just now may still have the port. */
async function untilFree(port: number): Promise<void> {
  for (const end = performance.now() + LONGEST_END_MS; await listens(LOOPBACK, port); await sleep(LOOK_MS))
    if (performance.now() > end)
      throw new ExpectedError(`somebody listens on port ${port} already, where Spark was to be started`)
}

async function newEndpoint(): Promise<Endpoint> {
  // others on this machine can reach the port
  const token = randomBytes(24).toString('base64url')
  return { host: LOOPBACK, port: await freePort(), tls: false, userId: userInfo().username, token }
}

function confOf({ master, conf }: ServerOptions, port: number): SparkConf {
  const here = isOfThisMachine(master) ? { 'spark.driver.host': LOOPBACK, 'spark.driver.bindAddress': LOOPBACK } : {}
  return {
    'spark.ui.enabled': 'false',
    // a log of every micro-batch would fill the disk in time
    'spark.log.level': 'WARN',
    ...here,
    ...conf,
    'spark.master': master,
    'spark.app.name': NAME,
    'spark.connect.grpc.binding.address': LOOPBACK,
    'spark.connect.grpc.binding.port': String(port),
  }
}

/** Whether all executors are on this machine, so that nobody else need reach the driver. */
function isOfThisMachine(master: string): boolean {
  return /^local(-cluster)?(\[|$)/.test(master) || isLoopback(/^spark:\/\/(.*):\d+$/.exec(master)?.[1] ?? '')
}

async function launch(
  { home, master, logPath }: ServerOptions,
  properties: string,
  token: string | undefined,
  log: number,
): Promise<ChildProcess> {
  const here = isOfThisMachine(master) ? { SPARK_LOCAL_IP: LOOPBACK } : {}
  // the environment is for its owner's eyes, as arguments are not; spark-submit refuses a master beside SPARK_REMOTE
  const { SPARK_REMOTE: _, ...own } = process.env
  const env = { ...own, ...here, SPARK_HOME: home.folder, SPARK_CONNECT_AUTHENTICATE_TOKEN: token }
  const child = spawn(submitOf(home.folder), ['--properties-file', properties, '--class', SERVER, 'spark-internal'], {
    env,
    // Spark leaves folders where it is started
    cwd: dirname(logPath),
    stdio: ['ignore', log, log],
    detached: true,
  })
  child.unref()
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new ExpectedError(`Spark could not be started: ${error.message}`)))
  })
  return child
}

async function untilItListens(
  child: ChildProcess,
  port: number,
  logStart: number,
  { logPath, signal }: ServerOptions,
): Promise<void> {
  const end = performance.now() + LONGEST_START_MS
  while (!(await listens(LOOPBACK, port))) {
    signal?.throwIfAborted()
    if (child.exitCode !== null || child.signalCode !== null)
      throw new ExpectedError(
        `Spark ended while it was starting: ${reasonInLog(readFileSync(logPath).subarray(logStart).toString())}`,
        [`its log is ${logPath}`],
      )
    if (performance.now() > end)
      throw new ExpectedError(`Spark did not start within ${LONGEST_START_MS / 1000} s`, [`its log is ${logPath}`])
    await sleep(LOOK_MS)
  }
}

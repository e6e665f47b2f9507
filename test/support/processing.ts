import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import type { Result } from '../../src/core/results/result.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { analyse } from '../../src/process/batch-analysis.js'
import type { FoldSettings } from '../../src/process/fold-settings.js'
import { type ProcessOptions, type ProcessStatus, processTopic } from '../../src/process/process-topic.js'
import type { WorkerPool } from '../../src/process/worker-pool.js'
import { ratePacer } from '../../src/replay/pacer.js'
import { replay } from '../../src/replay/replay.js'
import type { OpenedSink } from '../../src/sinks/policy/guarded-sink.js'
import { openSinks } from '../../src/sinks/registry.js'
import type { SinkSpec } from '../../src/sinks/sink.js'
import { openSources } from '../../src/sources/registry.js'
import { readResults } from '../../src/sources/results/read-results.js'
import { auditOf } from './audit-of.js'
import { noLog } from './no-log.js'
import { temporaryFolder } from './temporary-folder.js'

export const SETTINGS: FoldSettings = {
  run: DEFAULT_RUN,
  geometry: geometryDigest(DEFAULT_RUN),
  grace: 2048,
  orbitDetail: true,
}

/** A run of `process`. */
export interface Running {
  pool: WorkerPool
  warnings: string[]
  sinks: OpenedSink[]
  /** what it comes to, or why it failed */
  ended: Promise<ProcessStatus>
  stop(): Promise<ProcessStatus>
  /** Until its lanes, as many as there are partitions, have read all that there is. */
  untilCaughtUp(): Promise<void>
}

export interface StartChanges extends Partial<Pick<ProcessOptions, 'group' | 'workers'>> {
  to?: string[]
  plugged?: SinkSpec[]
  lane?: Partial<ProcessOptions['lane']>
  stdout?: NodeJS.WritableStream
}

/** An embedded log of its own, with what replays rows into it and processes them. */
export class Workshop {
  private constructor(
    readonly folder: string,
    readonly log: Log,
    readonly partitions: number,
  ) {}

  static async open(partitions: number): Promise<Workshop> {
    const folder = await temporaryFolder()
    const log = await openEmbeddedLog(join(folder, 'log'))
    onTestFinished(() => log.close())
    await log.createTopic({ name: 'data_raw', partitions })
    return new Workshop(folder, log, partitions)
  }

  /** @param rate rows per second */
  async replay(source: string, rate = Number.POSITIVE_INFINITY): Promise<void> {
    await replay({
      log: this.log,
      topic: 'data_raw',
      partitions: this.partitions,
      parts: await openSources([source], { run: DEFAULT_RUN, log: noLog }),
      run: DEFAULT_RUN,
      format: 'row',
      pacer: ratePacer(rate, performance.now()),
      limit: Number.POSITIVE_INFINITY,
      loop: false,
      progressKey: source,
      signal: new AbortController().signal,
      now: () => performance.now(),
      onProgress: () => undefined,
    })
  }

  /** Starts a process; it is stopped, if nobody else did, when the running test has finished. */
  async start({
    to = ['topic:data_clean'],
    plugged = [],
    lane,
    stdout = process.stdout,
    ...changes
  }: StartChanges = {}): Promise<Running> {
    const stopping = new AbortController()
    const warnings: string[] = []
    const told: ProcessStatus[] = []
    let onStarted: (pool: WorkerPool) => void = drop
    const pool = new Promise<WorkerPool>((resolve) => {
      onStarted = resolve
    })
    const onNotice = (text: string) => void warnings.push(text)
    const sinks = await openSinks(to, { log: async () => this.log, group: 'test', stdout, plugged, onNotice })
    const ended = processTopic({
      ...{ log: this.log, topic: 'data_raw', group: 'dtstream', workers: 2 },
      ...changes,
      lane: { ...SETTINGS, intervalMs: 100, idleMs: 60_000, begin: 'beginning', strict: false, ...lane },
      sinks,
      signal: stopping.signal,
      onMalformed: drop,
      onWarning: (text) => void warnings.push(text),
      onStatus: (status) => void told.push(status),
      onStarted: (started) => onStarted(started),
    })
    const stop = () => {
      stopping.abort()
      return ended
    }
    onTestFinished(() => stop().then(drop, drop))
    const untilCaughtUp = async () => {
      const before = told.length
      const isThere = () => {
        const status = told.at(-1)
        return told.length > before && status?.lanes === this.partitions && status.lag === 0
      }
      while (!isThere()) await sleep(20)
    }
    await Promise.race([pool, ended])
    return { pool: await pool, warnings, sinks, ended, stop, untilCaughtUp }
  }

  /** Until a group has committed all that data_raw holds. */
  async untilRead(group = 'dtstream'): Promise<void> {
    for (let isRead = false; !isRead; await sleep(20)) {
      const offsets = (await this.log.topic('data_raw'))?.offsets ?? []
      const lanes = (await this.log.groups('data_raw')).find((one) => one.group === group)?.lanes ?? []
      isRead = offsets.every(
        ({ end }, partition) => lanes.find((lane) => lane.partition === partition)?.nextOffset === end,
      )
    }
  }

  /** The results of a topic or a file. */
  async results(uri: string): Promise<Result[]> {
    const results: Result[] = []
    const onForeign = ({ reason }: { reason: string }) => {
      throw new Error(reason)
    }
    for await (const result of readResults([uri], { log: async () => this.log, onForeign })) results.push(result)
    return results
  }

  audit(clean = 'data_clean', group = 'dtstream'): Promise<Audit | undefined> {
    return auditOf(this.log, { clean, group })
  }
}

const drop = () => undefined

/** The batch analysis of a source: what all results of its rows must add up to. */
export async function truthOf(source: string): Promise<Result> {
  const results: Result[] = []
  await analyse({
    ...SETTINGS,
    parts: await openSources([source], { run: DEFAULT_RUN, log: noLog }),
    worker: 'batch',
    intervalMs: undefined,
    strict: false,
    signal: new AbortController().signal,
    wallNow: () => 0,
    onResult: async (result) => void results.push(result),
    onMalformed: () => undefined,
    onProgress: () => undefined,
  })
  return results[0]
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorJars, sparkHome } from '../../scripts/spark/spark-files.js'
import type { Result } from '../../src/core/results/result.js'
import type { Log } from '../../src/log/log.js'
import { pythonOf } from '../lib/peers.js'
import type { Message } from './followed-topic.js'
import { endOf, JobReports } from './job-reports.js'
import { until } from './until.js'
import type { Batch } from './warm-figures.js'
import { type Watched, watchCommand } from './watched-command.js'

/** Where everybody works, on what, and where results go. */
export interface Work {
  log: Log
  bootstrap: string
  topic: string
  /** also the group's name; new each time */
  resultsTo: string
  /** in the topic */
  rows: number
}

/** What an engine did with all rows of a topic. */
export interface EngineRun<Value> extends Watched<Value> {
  batches: readonly Batch[]
}

/** The message of the original system, as far as it is looked at. */
export type OriginalMessage = Pick<Result, 'hit_count' | 'hit_count_chamber'> & {
  drift_time_chamber: Record<string, { hist_counts: number[] }>
}

export const VENV = 'bench/.venv-spark'
/** The same for everybody on Spark: as many threads and parts as this machine was meant to have cores. */
const MASTER = 'local[2]'
const PARTS = '2'
const MEMORY = '2g'

/** The original system's approach. */
export async function originalOnSpark(work: Work, rowsABatch: number): Promise<EngineRun<OriginalMessage>> {
  const { log, bootstrap, topic, resultsTo } = work
  return inFolder(async (folder) => {
    const script = [
      'bench/peers/original_on_spark.py',
      bootstrap,
      topic,
      resultsTo,
      `${rowsABatch}`,
      join(folder, 'checkpoint'),
    ]
    const conf = {
      'spark.ui.enabled': 'false',
      'spark.sql.shuffle.partitions': PARTS,
      'spark.sql.execution.arrow.pyspark.enabled': 'true',
      'spark.sql.streaming.numRecentProgressUpdates': '100000',
    }
    const submit = [join(sparkHome() ?? '', 'bin', 'spark-submit'), '--master', MASTER, '--jars', connectorJars()]
    const flags = Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`])
    const watched = await watchCommand<OriginalMessage>({
      ...{ log, resultsTo },
      command: [...submit, '--driver-memory', MEMORY, ...flags, ...script],
      env: { SPARK_HOME: sparkHome() ?? '', PYSPARK_PYTHON: pythonOf(VENV), SPARK_LOCAL_IP: '127.0.0.1' },
    })
    return { ...watched, batches: batchesIn(watched.stdout) }
  })
}

/** Ours on Spark, the command as a user runs it. */
export async function oursOnSpark(work: Work, rowsABatch: number): Promise<EngineRun<Result>> {
  const { log, resultsTo, rows } = work
  return inFolder(async (folder) => {
    const reports = new JobReports(folder, resultsTo)
    const watched = await watchCommand<Result>({
      ...{ log, resultsTo },
      command: [...sparkCommand(work), '--spark-batch-rows', String(rowsABatch)],
      env: { XDG_DATA_HOME: folder },
      untilDone: async (messages) => {
        await until(() => isComplete(messages, rows))
        await reports.close()
      },
    })
    const batches = reports.batches.map((report) => ({ rows: report.numInputRows, endedMs: endOf(report) }))
    return { ...watched, batches }
  })
}

/** Ours in Node, with a worker for each core. */
export async function oursInNode(work: Work): Promise<EngineRun<Result>> {
  const { log, resultsTo, rows } = work
  const watched = await watchCommand<Result>({
    ...{ log, resultsTo },
    command: [...nodeCommand(work), '--interval', '250ms'],
    untilDone: (messages) => until(() => isComplete(messages, rows)),
  })
  const batches = watched.messages.map(({ value, seenMs }) => ({ rows: value.rows.read, endedMs: seenMs }))
  return { ...watched, batches }
}

/** `process` on Spark, on this machine. */
export function sparkCommand(work: Work): string[] {
  const spark = [
    '--engine',
    'spark',
    '--spark-home',
    sparkHome() ?? '',
    '--spark-master',
    MASTER,
    '--spark-shuffle-partitions',
    PARTS,
  ]
  const conf = [`spark.jars=${connectorJars()}`, `spark.driver.memory=${MEMORY}`]
  return [...processCommand(work), ...spark, ...conf.flatMap((pair) => ['--spark-conf', pair])]
}

export function nodeCommand(work: Work): string[] {
  return [...processCommand(work), '--workers', '2']
}

/** What both have in common. */
export function processCommand({ topic, resultsTo, bootstrap }: Work): string[] {
  const topics = ['--from', `topic:${topic}`, '--to', `topic:${resultsTo}`, '--group', resultsTo]
  return [process.execPath, 'bin/run.js', 'process', ...topics, '--bootstrap-server', bootstrap, '--no-progress']
}

/** All rows have been read, and their hits counted. */
export function isComplete(messages: readonly Message<Result>[], rows: number): boolean {
  const sum = (of: (result: Result) => number) => messages.reduce((total, { value }) => total + of(value), 0)
  return sum((result) => result.rows.read) === rows && sum((result) => result.rows.hits - result.hit_count) === 0
}

/** Spark's reports, a line each. */
function batchesIn(stdout: string): Batch[] {
  const reports = stdout.split('\n').filter((line) => line.startsWith('{'))
  return reports.map((line) => {
    const { timestamp, numInputRows, durationMs } = JSON.parse(line)
    return { rows: numInputRows, endedMs: Date.parse(timestamp) + durationMs.triggerExecution }
  })
}

/** With a temporary folder. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dtstream-bench-spark-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

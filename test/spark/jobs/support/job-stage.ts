import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorJars } from '../../../../scripts/spark/spark-files.js'
import type { Audit } from '../../../../src/audit/audit.js'
import { JobBook, type JobEntry } from '../../../../src/spark/jobs/job-book.js'
import { Actor } from '../../../kafka/support/kafka-cli.js'
import type { LocalKafka } from '../../../kafka/support/local-kafka.js'
import type { User } from '../../../kafka/support/security.js'
import { Cli } from '../../../support/built-cli.js'
import { entriesOfSource } from '../../../support/replayed.js'
import { messagesOf, sparkResults } from '../../../support/spark-job.js'
import { type LocalSpark, testedSpark } from '../../support/local-spark.js'
import { pidsOf } from '../../support/running-programs.js'
import { JobResults } from './job-results.js'

export const PARTITIONS = 3
const FLOW_RATE = '500/s'
const DEFAULT_INTERVAL_MS = 1000
const PATIENCE_MS = 600_000
/** Sent in the end, behind whatever was sent before. */
const LAST_ROWS = 3000

export interface JobStageOptions {
  kafka: LocalKafka
  /** where the job is; without it a server is started for it, from the Spark that the tests fetched */
  spark?: LocalSpark
  /** also how the names of its topics begin */
  group: string
  /** as whom brokers with security are reached */
  user?: User
  intervalMs?: number
  /** of the rows that `flow` sends */
  seed?: number
}

/** A job on Spark, with topics and a job book of its own, and what came of it. */
export class JobStage {
  readonly cli: Cli
  readonly raw: string
  readonly clean: string
  /** The user's folder for what programs keep, also in the arguments of servers that are started for the job. */
  readonly data = mkdtempSync(join(tmpdir(), 'dtstream-jobs-'))
  private readonly source: string
  private readonly intervalMs: number
  private readonly actors: Actor[] = []
  private following: JobResults | undefined

  private constructor(private readonly options: JobStageOptions) {
    const { kafka, spark, group, user, intervalMs = DEFAULT_INTERVAL_MS, seed = 1 } = options
    this.intervalMs = intervalMs
    this.source = `sim:?seed=${seed}`
    this.raw = `${group}_raw`
    this.clean = `${group}_clean`
    this.cli = new Cli({
      DTSTREAM_LOG: '',
      ...(user
        ? { DTSTREAM_KAFKA_CONFIG: kafka.clientProperties(user).java }
        : { KAFKA_BOOTSTRAP_SERVER: kafka.bootstrap }),
      XDG_DATA_HOME: this.data,
      ...(spark ? { SPARK_REMOTE: spark.remote } : {}),
    })
  }

  /** Makes the topics first. */
  static async set(options: JobStageOptions): Promise<JobStage> {
    const stage = new JobStage(options)
    for (const [topic, partitions] of [
      [stage.raw, PARTITIONS],
      [stage.clean, 1],
    ] as const)
      await stage.act('topics', 'create', topic, '--partitions', `${partitions}`).succeed()
    return stage
  }

  /** What the job has sent, from the first look at it on. */
  get results(): JobResults {
    const { kafka, user } = this.options
    this.following ??= new JobResults(kafka.bootstrap, this.clean, user ? kcatSettings(kafka, user) : [])
    return this.following
  }

  /** Ends whatever is left. */
  async strike(): Promise<void> {
    this.cli.dispose()
    for (const pid of this.serverPids()) process.kill(pid, 'SIGKILL')
    await this.following?.close()
    rmSync(this.data, { recursive: true, force: true })
  }

  /** Rows of a source for the job's topic. */
  replay(source: string, ...args: string[]): Actor {
    return this.act('replay', source, '--to', `topic:${this.raw}`, ...args)
  }

  /** Rows of the simulator, without end. */
  flow(): Actor {
    return this.replay(this.source, '--rate', FLOW_RATE)
  }

  /** Gives the rows of `flow` an end. @returns all that were sent, as text */
  async endFlow(flow: Actor): Promise<string[]> {
    await flow.interrupt()
    const { offsets } = await this.cli.json<{ offsets: { end: number }[] }>('topics', 'describe', this.raw)
    // transactions take offsets too, so there are more of these than of rows
    const rows = offsets.reduce((sum, { end }) => sum + end, LAST_ROWS)
    await this.replay(this.source, '--resume', '--rate', 'max', '--limit', `${rows}`).succeed()
    return entriesOfSource([`${this.source}&rows=${rows}`])
  }

  process(...args: string[]): Actor {
    return this.act(...this.processArgs(...args))
  }

  processArgs(...args: string[]): string[] {
    const between = ['--from', `topic:${this.raw}`, '--to', `topic:${this.clean}`, '--group', this.options.group]
    const place = this.options.spark ? [] : this.homeArgs()
    return ['process', '--engine', 'spark', ...between, '--interval', `${this.intervalMs}ms`, ...place, ...args]
  }

  jobs(command: 'attach' | 'stop', ...args: string[]): Actor {
    return this.act('jobs', command, this.options.group, ...args)
  }

  /** As `dtstream jobs list` has it; undefined where the job is not in it. */
  async listed(): Promise<{ state: string } | undefined> {
    const jobs = await this.cli.json<{ name: string; state: string }[]>('jobs', 'list')
    return jobs.find(({ name }) => name === this.options.group)
  }

  act(...args: string[]): Actor {
    const actor = new Actor(this.cli, args)
    this.actors.push(actor)
    return actor
  }

  /** The job's entry in the book. */
  get entry(): JobEntry | undefined {
    return new JobBook(join(this.data, 'dtstream', 'spark')).find(this.options.group)
  }

  /** Pids of servers that were started for the job. */
  serverPids(): number[] {
    return pidsOf('SparkConnectServer').filter((pid) => pidsOf(this.data).includes(pid))
  }

  /** Until the job is in the book, with a server that satisfies. */
  untilEntered(actor: Actor, isSo: (entry: JobEntry) => boolean = () => true): Promise<void> {
    return this.until(() => this.entry !== undefined && isSo(this.entry), actor)
  }

  /** Until results count so many rows. @param actor must be running meanwhile */
  untilRows(count: number, actor?: Actor): Promise<void> {
    return this.results.until(
      () => this.results.rows >= count,
      () => mustRun(actor),
    )
  }

  /** Until there are so many windows. @param actor must be running meanwhile */
  untilWindows(count: number, actor?: Actor): Promise<void> {
    return this.results.until(
      () => this.results.windowCount >= count,
      () => mustRun(actor),
    )
  }

  /** Until all windows are there that these records make, and all rows are counted. */
  untilAll(records: readonly string[], actor?: Actor): Promise<void> {
    const windows = this.windowsOf(records).length
    const isAll = () => this.results.rows >= records.length && this.results.windowCount >= windows
    return this.results.until(isAll, () => mustRun(actor))
  }

  async until(isSo: () => boolean, actor?: Actor): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; !isSo(); await sleep(50)) {
      mustRun(actor)
      if (performance.now() > end)
        throw new Error(`it has not come about within ${PATIENCE_MS / 1000} s:\n${this.said}`)
    }
  }

  /**
   * What is wrong with what was sent, given the records that are in the topic: window for window by a slow computation, and
   * all of it by `dtstream audit`.
   */
  async wrong(records: readonly string[]): Promise<string[]> {
    const { verdict, rows, pending, job } = await this.audit()
    return [
      ...this.results.wrongOf(this.windowsOf(records)),
      ...(verdict === 'exact' ? [] : [`the audit says: ${JSON.stringify(job)}`]),
      ...(rows === records.length && this.results.rows === rows
        ? []
        : [`audited ${rows} rows, and ${this.results.rows} counted, not ${records.length}`]),
      ...(pending === 0 ? [] : [`${pending} messages are in no result`]),
    ]
  }

  /** The report of a trial in which things died. @param faults what happened how often */
  async report(name: string, seed: number, faults: Record<string, number>, records: readonly string[]) {
    const wrong = await this.wrong(records)
    const { rows, windowCount: windows, repeated } = this.results
    return { name, seed, counts: { ...faults, rows, windows, 'messages repeated': repeated }, wrong }
  }

  audit(): Promise<Audit> {
    return this.cli.json<Audit>(
      'audit',
      '--raw',
      `topic:${this.raw}`,
      '--clean',
      `topic:${this.clean}`,
      '--group',
      this.options.group,
    )
  }

  /** What all commands have said. */
  get said(): string {
    return this.actors.map(({ args, said }) => `${args.join(' ')} said:\n${said}`).join('\n')
  }

  private windowsOf(records: readonly string[]) {
    const partitions = [messagesOf(records), ...Array.from({ length: PARTITIONS - 1 }, () => [])]
    const since = partitions.map(() => 0)
    const { group } = this.options
    return sparkResults({ group, topic: this.raw, partitions, since, intervalUs: this.intervalMs * 1000 }).windows
  }

  private homeArgs(): string[] {
    // the folder is in the arguments of the JVM, by which it is found
    const options = `-Ddtstream.folder=${this.data} -XX:+UseSerialGC`
    const conf = {
      'spark.jars': connectorJars(),
      'spark.driver.memory': '1g',
      'spark.driver.extraJavaOptions': options,
    }
    const pairs = Object.entries(conf).flatMap(([key, value]) => ['--spark-conf', `${key}=${value}`])
    return ['--spark-home', testedSpark().folder, '--spark-master', 'local[2]', ...pairs]
  }
}

/** Its SCRAM may be one that brokers do not pass over; see `writeClientProperties`. */
function kcatSettings(kafka: LocalKafka, user: User): string[] {
  const text = readFileSync(kafka.clientProperties(user, 'PLAIN').librdkafka, 'utf8')
  return text.split('\n').filter((line) => line !== '')
}

function mustRun(actor: Actor | undefined): void {
  if (actor && !actor.isRunning) throw new Error(`dtstream ${actor.args.join(' ')} has ended:\n${actor.said}`)
}

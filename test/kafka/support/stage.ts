import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import type { Audit } from '../../../src/audit/audit.js'
import { compareCounts } from '../../../src/core/results/compare.js'
import type { Result } from '../../../src/core/results/result.js'
import { type Cli, seeded } from '../../support/built-cli.js'
import type { FaultReport } from './fault-report.js'
import { Actor, kafkaCli } from './kafka-cli.js'
import { Ledger } from './ledger.js'
import { LocalKafka, type LocalKafkaOptions } from './local-kafka.js'
import { makeTopics } from './make-topics.js'
import type { Observer } from './network.js'
import { plainClient, withAdmin } from './plain-client.js'
import { compareRaw } from './raw-rows.js'

export interface StageOptions {
  name: string
  /** of the rows, and of `random` */
  seed: number
  /** of data_raw */
  partitions?: number
  /** Brokers that run already, or how to start some. */
  kafka?: LocalKafkaOptions | LocalKafka
  /** From where the ledger reads. */
  observer?: Observer
}

/** Long enough that nothing closes orbits but their end: rows stop coming while brokers are away. */
const IDLE = '10m'

/** Sent in the end, behind whatever was sent before. */
const LAST_ROWS = 5000

/**
 * Brokers of their own with data_raw and data_clean, a simulated source, commands at work, and the ledger. The source has no end, so
 * that rows flow until all has happened that is to happen, however long it takes; it is given one by `endRows`.
 */
export class Stage {
  readonly random: () => number
  readonly ledger: Ledger
  readonly cli: Cli
  private readonly since = performance.now()
  private readonly actors: Actor[] = []
  private readonly source: string
  private rows: number | undefined

  private constructor(
    readonly kafka: LocalKafka,
    private readonly options: StageOptions,
  ) {
    this.random = seeded(options.seed)
    this.source = `sim:?seed=${options.seed}`
    this.cli = kafkaCli(kafka.bootstrap)
    this.ledger = options.observer
      ? new Ledger(options.observer.bootstrap, 'data_clean', options.observer.command)
      : new Ledger(kafka.bootstrap)
  }

  /** Does some work on a stage, and takes it down however that ends. */
  static async on<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
    const kafka = options.kafka instanceof LocalKafka ? options.kafka : await LocalKafka.start(options.kafka)
    let stage: Stage | undefined
    try {
      await makeTopics(kafka.bootstrap, options.partitions ?? PARTITIONS)
      stage = new Stage(kafka, options)
      return await work(stage)
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${await stage?.circumstances()}`, {
        cause: error,
      })
    } finally {
      stage?.cli.dispose()
      await stage?.ledger.close()
      await kafka.stop()
    }
  }

  /** Sends the source's rows, without end. */
  replay(...args: string[]): Actor {
    return this.start('replay', this.source, ...args)
  }

  /**
   * Sends the last rows, when no replay is at work any more, and waits until results cover all.
   * @param rows how many there are to be in all; without it, some more than were sent
   */
  async endRows(rows?: number): Promise<void> {
    // transactions take offsets too, so there are more of these than of rows
    rows ??= (await this.ends('data_raw')).reduce((sum, end) => sum + end, LAST_ROWS)
    this.rows = rows
    await this.replay('--resume', '--rate', 'max', '--limit', `${rows}`).succeed()
    await this.ledger.untilCovered(await this.ends('data_raw'))
  }

  process(...args: string[]): Actor {
    return this.start('process', '--workers', '2', '--interval', '200ms', '--idle', IDLE, ...args)
  }

  /** Until so many processes hold all lanes between them. */
  async untilShared(processes: number, withinMs = 120_000): Promise<void> {
    for (const end = performance.now() + withinMs; ; await sleep(100)) {
      const held = await this.lanesHeld()
      const lanes = held.reduce((sum, count) => sum + count, 0)
      if (held.length === processes && held.every((count) => count > 0) && lanes === this.partitions) return
      if (performance.now() > end) throw new Error(`${processes} processes do not share the lanes: ${held}`)
    }
  }

  /** Next offsets to be written, by partition: also behind what has just been committed, and kafkajs does not show yet. */
  async ends(topic: string): Promise<number[]> {
    const { offsets } = await this.cli.json<{ offsets: { end: number }[] }>('topics', 'describe', topic)
    return offsets.map(({ end }) => end)
  }

  /**
   * Holds what the ledger has seen against the rows, once all are covered: by the audit, and by the batch analysis of the source.
   * @param faults what happened how often
   */
  async report(faults: Record<string, number>): Promise<FaultReport> {
    const { name, seed } = this.options
    const rows = this.rowsAtEnd
    const seconds = Math.round((performance.now() - this.since) / 1000)
    const [audit, truth] = await Promise.all([this.cli.json<Audit>('audit'), this.truth()])
    const { total } = this.ledger
    const differences = total ? compareCounts(truth, total) : []
    const wrong = [
      ...this.ledger.wrong,
      ...(total ? [] : ['there is no result']),
      ...(audit.verdict === 'exact' ? [] : [`the audit says: ${JSON.stringify(audit)}`]),
      ...(audit.rows === rows ? [] : [`the audit found ${audit.rows} rows, not ${rows}`]),
      ...(audit.pending === 0 ? [] : [`${audit.pending} messages are not covered`]),
      ...(audit.late === 0 ? [] : [`${audit.late} hits are late`]),
      ...differences.map(({ field, expected, found }) => `${field} is ${found}, not ${expected}`),
    ]
    const { results, seenAgain, lost, doubled, outOfOrder, longestPauseMs } = this.ledger.counts
    const found = { results, lost, doubled, 'out of order': outOfOrder, 'differing counts': differences.length }
    const counts = {
      ...faults,
      rows: audit.rows,
      ...found,
      seconds,
      'messages given to the reader again': seenAgain,
      'ms longest pause between results': longestPauseMs,
    }
    return { name, seed, counts, wrong: wrong.length > 0 ? [...wrong, this.said()] : [] }
  }

  /** As `report`, and data_raw is held against the source, row for row. */
  async reportWithRaw(faults: Record<string, number>): Promise<FaultReport> {
    const { lost, doubled, outOfOrder } = await compareRaw(this.kafka.bootstrap, this.wholeSource, this.partitions)
    const raw = { 'rows lost in data_raw': lost, 'rows doubled': doubled, 'partitions out of order': outOfOrder }
    const report = await this.report({ ...faults, ...raw })
    const wrong = Object.entries(raw).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]))
    return { ...report, wrong: [...wrong, ...report.wrong] }
  }

  /** The rows that were to be sent, and no more. */
  private get wholeSource(): string {
    return `${this.source}&rows=${this.rowsAtEnd}`
  }

  private get rowsAtEnd(): number {
    if (this.rows === undefined) throw new Error('the rows have not been ended')
    return this.rows
  }

  private get partitions(): number {
    return this.options.partitions ?? PARTITIONS
  }

  /** By member of the group: how many lanes it has been given. */
  private async lanesHeld(): Promise<number[]> {
    const { groups } = await withAdmin(plainClient(this.kafka.bootstrap), (admin) => admin.describeGroups(['dtstream']))
    const [{ state, members }] = groups
    if (state !== 'Stable') return []
    return members.map(({ memberAssignment }) => {
      const decoded = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)
      return decoded?.assignment.data_raw?.length ?? 0
    })
  }

  /** For who wants to know why a trial broke off: how far the topics are readable, the group, and what all commands said. */
  private async circumstances(): Promise<string> {
    const lines = await withAdmin(plainClient(this.kafka.bootstrap), async (admin) => {
      const readable = await Promise.all(['data_raw', 'data_clean'].map((topic) => admin.fetchTopicOffsets(topic)))
      const { groups } = await admin.describeGroups(['dtstream'])
      const members = groups[0].members.map(({ clientId, memberId }) => ({ clientId, memberId }))
      return [...readable, { state: groups[0].state, members }].map((one) => JSON.stringify(one))
    }).catch((error) => [`the brokers do not say how it is: ${error}`])
    return [...lines, JSON.stringify(this.ledger.counts), ...this.ledger.wrong, this.said()].join('\n')
  }

  private said(): string {
    return this.actors.map(({ args, said }) => `${args.join(' ')} said:\n${said}`).join('\n')
  }

  private start(...args: string[]): Actor {
    const actor = new Actor(this.cli, args)
    this.actors.push(actor)
    return actor
  }

  private async truth(): Promise<Result> {
    const { stdout } = await new Actor(this.cli, ['process', '--from', this.wholeSource, '--to', 'stdout:']).succeed()
    return JSON.parse(stdout) as Result
  }
}

const PARTITIONS = 10

import { setMaxListeners } from 'node:events'
import { isMainThread } from 'node:worker_threads'
import type { Admin } from 'kafkajs'
import { ExpectedError } from '../../errors.js'
import { stateFor } from '../lane-states.js'
import {
  type GroupInfo,
  type GroupMember,
  type GroupOptions,
  type Lane,
  type LaneLease,
  LaneLostError,
  type Log,
  type LogPlace,
  type OutgoingBatch,
  type PartitionOffsets,
  type PartitionReader,
  type Progress,
  type TopicInfo,
  type TopicSpec,
} from '../log.js'
import type { LogEvents } from '../open-log.js'
import { noSuchTopic } from '../topic-spec.js'
import { waitingMessage } from '../waiting-message.js'
import { Client } from './client/client.js'
import { rootOf } from './client/failures.js'
import type { Cluster } from './client/internals.js'
import { Notices } from './client/notices.js'
import { patiently } from './client/patiently.js'
import { reachBroker } from './client/reach/reach.js'
import { type Wire, wireFor } from './client/wire.js'
import type { KafkaSettings } from './kafka-settings.js'
import { committedBy } from './lanes/committed.js'
import { KafkaGroupMember } from './lanes/group-member.js'
import { groupsOn, holdersOf } from './lanes/groups.js'
import { KafkaLane } from './lanes/kafka-lane.js'
import { statesIn } from './lanes/lane-metadata.js'
import { Fetcher } from './reading/fetcher.js'
import { concealed, describeSettings } from './settings/describe.js'
import { KafkaTopics } from './topics/kafka-topics.js'
import { Appender } from './writing/appender.js'
import { LastTransactions } from './writing/last-transaction.js'
import { type ProducerOptions, TransactionProducer } from './writing/transaction-producer.js'

/** Shorter than a user's patience with a wrong address; another thread is told one that was right. */
const CONNECT_MS = 10_000
/** Whoever asks something wants to know soon that nobody answers. */
const ASKING_MS = 60_000
/** Whoever works goes on where he stopped, however long a network is away, within reason. */
const WORKING_MS = 180_000
/** A transaction that takes longer is given up by the brokers: nobody else must wait longer for its end. */
const LANE_TRANSACTION_MS = 10_000
const APPEND_TRANSACTION_MS = 30_000
/** Brokers deal with the requests of one connection one by one, so lanes share a few. */
const WRITE_CLUSTERS = 4

/**
 * Connects to brokers.
 * @throws ExpectedError where none of them answers, or they refuse us
 */
export async function openKafkaLog(settings: KafkaSettings, { onNotice }: LogEvents): Promise<Log> {
  const log = new KafkaLog(settings, onNotice)
  try {
    await log.connect()
    return log
  } catch (error) {
    await log.close()
    throw error
  }
}

class KafkaLog implements Log {
  readonly name: string
  readonly place: LogPlace
  private readonly settings: KafkaSettings
  private readonly client: Client
  private readonly wire: Wire
  private readonly last: LastTransactions
  private readonly notices: Notices
  private readonly admin: Admin
  private readonly reading: Cluster
  /** for coordinators, and whatever is asked once */
  private readonly asking: Cluster
  private readonly writing: Cluster[] = []
  private readonly topicsOf: KafkaTopics
  private readonly fetcher: Fetcher
  private readonly appender: Appender
  private readonly members = new Set<GroupMember>()
  /** partitions of topics that were seen to be there */
  private readonly knownTopics = new Map<string, number>()
  private nextWriting = 0
  private readonly closing = new AbortController()

  constructor(plain: KafkaSettings, onNotice: (text: string) => void) {
    this.notices = new Notices(onNotice)
    setMaxListeners(0, this.closing.signal)
    // another thread gets them plainly
    const settings = concealed(plain)
    this.settings = settings
    this.name = describeSettings(settings)
    this.place = { kind: 'kafka', settings }
    this.client = new Client(settings)
    this.last = new LastTransactions(this.client)
    this.wire = wireFor(this.client, process.env)
    this.admin = this.client.admin()
    this.reading = this.client.cluster()
    this.asking = this.client.cluster()
    this.topicsOf = new KafkaTopics(this.client, this.admin, this.client.cluster(), this.wire)
    this.fetcher = new Fetcher(this.client, this.reading, this.wire, { forMs: WORKING_MS, notices: this.notices })
    this.appender = new Appender({
      producer: (group, topic) =>
        this.producer({ id: group, timeoutMs: APPEND_TRANSACTION_MS, touched: { group, topic } }),
      committed: (group) => committedBy(this.client, this.asking, group),
      patiently: (what, work) => this.patiently(what, work, WORKING_MS),
    })
  }

  connect(): Promise<void> {
    const connect = async () => {
      await reachBroker(this.settings)
      await this.admin.connect()
      // only now brokers say what they think of the user
      await this.asking.connect()
      await this.asking.refreshMetadata()
    }
    return patiently(connect, {
      what: 'reach a broker',
      forMs: isMainThread ? CONNECT_MS : WORKING_MS,
      notices: this.notices,
    })
  }

  createTopic(spec: TopicSpec): Promise<void> {
    return this.topicsOf.create(spec)
  }

  deleteTopic(name: string): Promise<void> {
    this.knownTopics.delete(name)
    return this.topicsOf.delete(name)
  }

  topics(): Promise<TopicInfo[]> {
    return this.patiently('list the topics', () => this.topicsOf.all())
  }

  topic(name: string): Promise<TopicInfo | undefined> {
    return this.patiently(`describe ${name}`, () => this.topicsOf.info(name))
  }

  offsets(topic: string): Promise<PartitionOffsets[] | undefined> {
    return this.patiently(`describe ${topic}`, () => this.topicsOf.offsets(topic))
  }

  async append(topic: string, batches: readonly OutgoingBatch[], progress?: Progress): Promise<void> {
    if (batches.every(({ count }) => count === 0) && !progress) return
    const partitions = await this.known(topic)
    for (const { partition } of batches)
      if (partition >= partitions) throw new ExpectedError(`the topic ${topic} has no partition ${partition}`)
    await this.appender.append(topic, batches, progress)
  }

  progress(key: string, topic?: string): Promise<unknown> {
    return this.appender.progress(key, topic)
  }

  async reader(topic: string, partition: number, from: number): Promise<PartitionReader> {
    await this.patiently(`read ${topic}`, () => this.checkTopic(this.reading, topic), WORKING_MS)
    return this.fetcher.open(topic, partition, from)
  }

  async joinGroup(options: GroupOptions): Promise<GroupMember> {
    const { group, topic } = options
    await this.known(topic)
    await this.patiently(`join group ${group}`, () => committedBy(this.client, this.asking, group), WORKING_MS)
    const onIdle = () => void this.sayWhoHolds(options)
    const member = await KafkaGroupMember.join(this.client, options, {
      onIdle,
      patience: { forMs: WORKING_MS, notices: this.notices },
    })
    this.members.add(member)
    return member
  }

  async openLane(lease: LaneLease, resultsTo?: string): Promise<Lane> {
    const { topic, partition } = lease
    try {
      return await this.patiently(
        `open the lane ${topic}/${partition}`,
        () => this.tryToOpen(lease, resultsTo),
        WORKING_MS,
      )
    } catch (error) {
      // a lane may come to who is about to end
      throw this.closing.signal.aborted ? new LaneLostError(topic, partition, 'the log was closed') : error
    }
  }

  /** First the fence, then what is committed: from there on nobody else can change it. */
  private async tryToOpen(lease: LaneLease, resultsTo: string | undefined): Promise<Lane> {
    const { group, topic, partitions } = lease
    // neither a topic's name nor a number has a slash, so no two lanes share an id
    const id = `${group}/${topic}/${lease.partition}`
    const producer = await this.producer({ id, timeoutMs: LANE_TRANSACTION_MS, touched: { topic: resultsTo, group } })
    const all = Array.from({ length: await this.known(topic) }, (_, partition) => partition)
    const committed = await committedBy(this.client, this.asking, group, { topic, partitions: all })
    const offsets = (await this.topicsOf.offsets(topic)) ?? []
    const extents = partitions.map((partition) => {
      const { start, end } = offsets[partition]
      return { partition, startOffset: start, endOffset: end }
    })
    return new KafkaLane(lease, stateFor(lease, statesIn(committed, group)), extents, {
      producer,
      reader: (partition, from) => this.reader(topic, partition, from),
      checkTopic: async (name) => void (await this.known(name)),
    })
  }

  async groups(topic: string): Promise<GroupInfo[]> {
    await this.known(topic)
    return this.patiently('list the groups', () => groupsOn(this.admin, this.client.internals, topic))
  }

  async close(): Promise<void> {
    this.closing.abort()
    for (const member of this.members) await member.leave()
    await this.appender.close()
    await this.fetcher.close()
    const clusters = [this.reading, this.asking, ...this.writing.filter(Boolean), this.topicsOf]
    await Promise.allSettled([this.admin.disconnect(), ...clusters.map((cluster) => cluster.disconnect())])
    this.client.close()
  }

  /** How many partitions the topic has. @throws ExpectedError where there is no such topic */
  private async known(topic: string): Promise<number> {
    const known = this.knownTopics.get(topic)
    if (known !== undefined) return known
    const offsets = await this.offsets(topic)
    if (!offsets) throw noSuchTopic(topic)
    this.knownTopics.set(topic, offsets.length)
    return offsets.length
  }

  private async producer(options: ProducerOptions): Promise<TransactionProducer> {
    const { client, wire, last } = this
    return TransactionProducer.open({ client, wire, last, cluster: await this.writingCluster() }, options)
  }

  private async writingCluster(): Promise<Cluster> {
    const index = this.nextWriting++ % WRITE_CLUSTERS
    const cluster = this.writing[index] ?? this.client.cluster()
    this.writing[index] = cluster
    await cluster.connect()
    // what went wrong before may have been a leader that is none any more
    await cluster.refreshMetadata().catch(() => cluster.targetTopics.clear())
    return cluster
  }

  /** @throws ExpectedError where there is no such topic */
  private async checkTopic(cluster: Cluster, topic: string): Promise<void> {
    await cluster.connect()
    try {
      await cluster.addTargetTopic(topic)
    } catch (error) {
      if (rootOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION') throw noSuchTopic(topic)
      throw error
    }
  }

  private patiently<T>(what: string, work: () => Promise<T>, forMs = ASKING_MS): Promise<T> {
    return patiently(work, { what, forMs, notices: this.notices }, this.closing.signal)
  }

  private async sayWhoHolds({ topic, group, onWaiting }: GroupOptions): Promise<void> {
    const offsets = (await this.offsets(topic)) ?? []
    const holders = [...(await holdersOf(this.admin, this.client.internals, group, topic)).values()]
    if (holders.length > 0) onWaiting(waitingMessage({ topic, group, holders, lanes: offsets.length }))
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../../errors.js'
import type { MessageBatch } from '../../log.js'
import { messagesGone, notYetWritten } from '../../out-of-range.js'
import type { Client } from '../client/client.js'
import { finalError, rootOf } from '../client/failures.js'
import type { Broker, Cluster } from '../client/internals.js'
import { Outage, type OutageOptions } from '../client/outage.js'
import type { FetchAnswer } from '../client/raw-requests.js'
import type { FetchWire } from '../client/wire.js'
import { PartitionFeed } from './partition-feed.js'

/** How long a broker waits for something to come before it says that there is nothing. */
const LONGEST_POLL_MS = 500
const PARTITION_BYTES = 2 * 1024 * 1024
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000
/** A topic that brokers do not know for so long is gone; a new one is not known to all of them at once. */
const UNKNOWN_FOR_MS = 3000

const NO_ERROR = 0
const OFFSET_OUT_OF_RANGE = 1
const UNKNOWN_TOPIC = 3

/** Reads any number of partitions, with one request at a time to each broker for all that it leads. */
export class Fetcher {
  private readonly feeds = new Set<PartitionFeed>()
  private readonly loops = new Map<number, { wake: () => void }>()
  /** when brokers were first heard to say that they do not know a topic */
  private readonly unknownSince = new Map<string, number>()
  private isClosed = false

  constructor(
    private readonly client: Client,
    private readonly cluster: Cluster,
    private readonly wire: FetchWire,
    /** how long reading that does not go on is tried again */
    private readonly patience: Omit<OutageOptions, 'what'>,
  ) {}

  /** The topic's metadata must be known to the cluster. */
  open(topic: string, partition: number, from: number): PartitionFeed {
    const feed = new PartitionFeed(
      topic,
      partition,
      from,
      () => this.wake(),
      () => this.feeds.delete(feed),
    )
    this.feeds.add(feed)
    return feed
  }

  async close(): Promise<void> {
    this.isClosed = true
    for (const feed of this.feeds) await feed.close()
    this.wake()
  }

  /** Makes sure that each broker that leads a hungry partition is asked. */
  private wake(): void {
    for (const { wake } of this.loops.values()) wake()
    for (const feed of this.feeds) {
      if (!feed.isHungry) continue
      const leader = this.leaderOf(feed)
      if (!this.loops.has(leader)) this.startLoop(leader)
    }
  }

  /** -1 where it is not known: the loop of that number asks nobody, and looks for leaders. */
  private leaderOf({ topic, partition }: PartitionFeed): number {
    try {
      const found = this.cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
      return found?.leader ?? -1
    } catch {
      return -1
    }
  }

  private startLoop(nodeId: number): void {
    const loop = { wake: () => {} }
    this.loops.set(nodeId, loop)
    this.run(nodeId, loop).finally(() => {
      this.loops.delete(nodeId)
      if (!this.isClosed) this.wake()
    })
  }

  /** Until nothing is left to be read from this broker. */
  private async run(nodeId: number, loop: { wake: () => void }): Promise<void> {
    let outage: Outage | undefined
    for (let pauseMs = FIRST_PAUSE_MS; !this.isClosed; ) {
      const led = [...this.feeds].filter((feed) => this.leaderOf(feed) === nodeId)
      if (led.length === 0) return
      const hungry = onePerPartition(led.filter((feed) => feed.isHungry))
      if (hungry.length === 0) {
        await new Promise<void>((resolve) => {
          loop.wake = resolve
        })
        continue
      }
      const trouble = await this.fetch(nodeId, hungry)
      if (!trouble) {
        outage?.over()
        outage = undefined
        pauseMs = FIRST_PAUSE_MS
        continue
      }
      outage ??= new Outage({ ...this.patience, what: `read ${topicsOf(hungry)}` })
      const final = outage.failed(trouble, pauseMs)
      if (final) for (const feed of hungry) feed.fail(final)
      await sleep(pauseMs)
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    }
  }

  /** What was wrong, if anything; leaders were asked for anew then. */
  private async fetch(nodeId: number, feeds: readonly PartitionFeed[]): Promise<unknown> {
    let broker: Broker | undefined
    try {
      if (nodeId < 0) throw new Error('no leader is known')
      broker = await this.cluster.findBroker({ nodeId })
      const asked = feeds.map((feed) => {
        const { topic, partition, position } = feed
        return { topic, partition, offset: position, maxBytes: PARTITION_BYTES }
      })
      // who was asked for now comes last next time
      for (const feed of feeds) if (this.feeds.delete(feed)) this.feeds.add(feed)
      const answers = await this.wire.fetch(broker, asked, LONGEST_POLL_MS)
      const [trouble] = answers.flatMap((answer) => this.take(answer, feeds) ?? [])
      if (trouble) await this.refresh(feeds)
      return trouble
    } catch (error) {
      this.failAll(feeds, error)
      if (broker && rootOf(error).name === 'KafkaJSConnectionClosedError')
        this.cluster.removeBroker(broker.connectionPool)
      await this.refresh(feeds)
      return error
    }
  }

  /** What was wrong, if anything, where waiting may mend it. */
  private take(answer: FetchAnswer, feeds: readonly PartitionFeed[]): unknown {
    const { topic, partition, errorCode } = answer
    const feed = feeds.find((one) => one.topic === topic && one.partition === partition)
    if (!feed) return undefined
    if (errorCode === NO_ERROR) {
      this.unknownSince.delete(topic)
      this.add(feed, answer)
      return undefined
    }
    const error = this.client.internals.createErrorFromCode(errorCode)
    if (errorCode === OFFSET_OUT_OF_RANGE) void this.outOfRange(feed)
    else if (errorCode === UNKNOWN_TOPIC) this.unknown(feed)
    else this.failAll([feed], error)
    return finalError(error, '') ? undefined : error
  }

  private add(feed: PartitionFeed, answer: FetchAnswer): void {
    const { topic, partition, position } = feed
    try {
      const { batches, nextOffset } = this.wire.decode(answer, position)
      const last = batches.at(-1)
      // what ends transactions holds no messages, but reading goes on behind it
      if (last && last.nextOffset < nextOffset) batches[batches.length - 1] = { ...last, nextOffset }
      else if (!last && nextOffset > position) batches.push(nothing(topic, partition, position, nextOffset))
      feed.add(batches, nextOffset, answer.highWatermark)
    } catch (error) {
      feed.fail(error)
    }
  }

  /** Errors that no waiting mends end the reading. */
  private failAll(feeds: readonly PartitionFeed[], error: unknown): void {
    for (const feed of feeds) {
      const final = finalError(error, `read ${feed.topic}`)
      if (final) feed.fail(final)
    }
  }

  private async outOfRange(feed: PartitionFeed): Promise<void> {
    const { topic, partition, position } = feed
    try {
      const { start, end } = await this.offsetsOf(topic, partition)
      if (position < start) feed.fail(messagesGone(topic, partition, position, start))
      else if (position > end) feed.fail(notYetWritten(topic, partition, position, end))
    } catch {
      // asked again with the next fetch
    }
  }

  private async offsetsOf(topic: string, partition: number): Promise<{ start: number; end: number }> {
    const leader = this.cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
    const broker = await this.cluster.findBroker({ nodeId: leader?.leader ?? -1 })
    const ask = async (timestamp: number) => {
      const topics = [{ topic, partitions: [{ partition, timestamp }] }]
      const { responses } = await broker.listOffsets({ replicaId: -1, isolationLevel: 0, topics })
      return Number(responses[0].partitions[0].offset)
    }
    return { start: await ask(EARLIEST), end: await ask(LATEST) }
  }

  private unknown(feed: PartitionFeed): void {
    const since = this.unknownSince.get(feed.topic) ?? performance.now()
    this.unknownSince.set(feed.topic, since)
    if (performance.now() - since < UNKNOWN_FOR_MS) return
    feed.fail(
      new ExpectedError(`${feed.topic} is gone: the topic was deleted while it was read`, [
        'dtstream topics list shows those there are',
      ]),
    )
  }

  private async refresh(feeds: readonly PartitionFeed[]): Promise<void> {
    try {
      await this.cluster.refreshMetadata()
    } catch (error) {
      if (rootOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION') for (const feed of feeds) this.unknown(feed)
      else this.failAll(feeds, error)
    }
  }
}

/** By name, in words. */
function topicsOf(feeds: readonly PartitionFeed[]): string {
  return [...new Set(feeds.map(({ topic }) => topic))].join(', ')
}

/** A request may name a partition once: of several who read it, who waits comes first, and then who came last in turn. */
function onePerPartition(feeds: readonly PartitionFeed[]): PartitionFeed[] {
  const chosen = new Map<string, PartitionFeed>()
  for (const feed of feeds) {
    const name = `${feed.topic}/${feed.partition}`
    const rival = chosen.get(name)
    if (!rival || (feed.isAwaited && !rival.isAwaited)) chosen.set(name, feed)
  }
  return [...chosen.values()]
}

const EARLIEST = -2
const LATEST = -1

/** A batch without messages, for what reading passes over. */
function nothing(topic: string, partition: number, firstOffset: number, nextOffset: number): MessageBatch {
  const none = new Uint32Array(0)
  const bytes = new Uint8Array(0)
  const columns = { bytes, start: none, end: none, kind: bytes, keyedByOrbit: true, appendedAtMs: 0 }
  return { topic, partition, firstOffset, nextOffset, count: 0, ...columns }
}

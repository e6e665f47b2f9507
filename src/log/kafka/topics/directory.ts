import type { PartitionBrokers, PartitionOffsets } from '../../log.js'
import { rootOf } from '../client/failures.js'
import type { Broker, Cluster, PartitionMetadata } from '../client/internals.js'

/** A topic as its brokers describe it, as of now. */
export interface TopicState {
  /** by partition */
  brokers: PartitionBrokers[]
  offsets: PartitionOffsets[]
}

const EARLIEST = -2
const LATEST = -1
const READ_UNCOMMITTED = 0

/** Asks brokers about topics, one after the other, as each asking changes what the cluster keeps in mind. */
export class TopicDirectory {
  private last: Promise<unknown> = Promise.resolve()
  /** what waits for its turn, by topic: whoever asks the same meanwhile gets that answer too */
  private readonly waiting = new Map<string, Promise<TopicState | undefined>>()
  private isClosed = false

  constructor(readonly cluster: Cluster) {}

  /** undefined where there is no such topic */
  describe(topic: string): Promise<TopicState | undefined> {
    const asked =
      this.waiting.get(topic) ??
      this.inTurn(() => {
        this.waiting.delete(topic)
        return this.ask(topic)
      })
    this.waiting.set(topic, asked)
    return asked
  }

  /** What waits for its turn fails. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.cluster.disconnect()
  }

  /** Does something with the cluster in which only this topic is known. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(() => {
      if (this.isClosed) throw new Error('the log is closed')
      return work()
    })
    this.last = turn.catch(() => undefined)
    return turn
  }

  private async ask(topic: string): Promise<TopicState | undefined> {
    const partitions = await this.partitionsOf(topic)
    if (!partitions) return undefined
    const [starts, ends] = await Promise.all([
      this.offsetsOf(topic, partitions, EARLIEST),
      this.offsetsOf(topic, partitions, LATEST),
    ])
    return {
      brokers: partitions.map(({ leader, replicas, isr }) => ({ leader, replicas, inSync: isr })),
      offsets: partitions.map(({ partitionId }) => ({
        start: starts.get(partitionId) ?? 0,
        end: ends.get(partitionId) ?? 0,
      })),
    }
  }

  /** As of now, by partition; undefined where there is no such topic. */
  async partitionsOf(topic: string): Promise<PartitionMetadata[] | undefined> {
    const { cluster } = this
    await cluster.connect()
    cluster.targetTopics.clear()
    cluster.targetTopics.add(topic)
    try {
      await cluster.refreshMetadata()
    } catch (error) {
      if (rootOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined
      throw error
    } finally {
      cluster.targetTopics.clear()
    }
    return [...cluster.findTopicPartitionMetadata(topic)].sort((a, b) => a.partitionId - b.partitionId)
  }

  private async offsetsOf(
    topic: string,
    partitions: readonly PartitionMetadata[],
    timestamp: number,
  ): Promise<Map<number, number>> {
    const leaders = new Set(partitions.map(({ leader }) => leader))
    const offsets = await Promise.all(
      [...leaders].map(async (nodeId) => {
        const broker = await this.cluster.findBroker({ nodeId })
        const led = partitions.filter(({ leader }) => leader === nodeId)
        return listOffsets(broker, topic, led, timestamp)
      }),
    )
    return new Map(offsets.flat())
  }
}

async function listOffsets(
  broker: Broker,
  topic: string,
  partitions: readonly PartitionMetadata[],
  timestamp: number,
): Promise<[partition: number, offset: number][]> {
  const asked = partitions.map(({ partitionId }) => ({ partition: partitionId, timestamp }))
  const { responses } = await broker.listOffsets({
    replicaId: -1,
    isolationLevel: READ_UNCOMMITTED,
    topics: [{ topic, partitions: asked }],
  })
  return responses[0].partitions.map(({ partition, offset }) => [partition, Number(offset)])
}

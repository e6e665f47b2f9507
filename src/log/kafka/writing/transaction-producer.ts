import type { OutgoingBatch } from '../../log.js'
import type { Client } from '../client/client.js'
import type { Broker, Cluster, EosManager } from '../client/internals.js'
import type { ProducedPartition } from '../client/raw-requests.js'
import type { ProduceWire } from '../client/wire.js'
import type { LastTransactions, Touched } from './last-transaction.js'
import { splitIntoRequests } from './split-requests.js'
import { untilLastHasEnded } from './until-ended.js'

/** What one transaction does. */
export interface Transaction {
  messages?: { topic: string; batches: readonly OutgoingBatch[] } | undefined
  offsets?: CommittedPositions | undefined
}

export interface CommittedPositions {
  group: string
  topic: string
  positions: readonly { partition: number; offset: number; metadata: string }[]
}

/** Brokers take a record batch of 1 MiB, header and all, unless told otherwise; a little is left for what they add. */
const LARGEST_BATCH_BYTES = 1_000_000
const PRODUCE_TIMEOUT_MS = 5000

export interface ProducerParts {
  client: Client
  cluster: Cluster
  wire: ProduceWire
  last: LastTransactions
}

export interface ProducerOptions {
  /** transactional id */
  id: string
  timeoutMs: number
  /** what transactions of this id write to */
  touched: Touched
}

/**
 * Writes messages and offsets in transactions. To open it shuts out whoever had the same transactional id before, and ends
 * what that one left open. After any error the producer is of no use any more: nobody knows whether the transaction
 * counts, but who opens the next producer of this id, and then reads what is committed, will.
 */
export class TransactionProducer {
  private readonly sequences = new Map<string, number>()

  /** @param timeoutMs a transaction that takes longer is given up by the brokers */
  static async open(
    { client, cluster, wire, last }: ProducerParts,
    { id, timeoutMs, touched }: ProducerOptions,
  ): Promise<TransactionProducer> {
    await last.note(cluster, id)
    const eos = client.internals.createEosManager({
      ...{ logger: client.logger, cluster, transactional: true, transactionalId: id },
      transactionTimeout: timeoutMs,
    })
    await eos.initProducerId()
    const identity = {
      transactionalId: id,
      producerId: eos.getProducerId(),
      producerEpoch: eos.getProducerEpoch(),
    }
    await last.settle(cluster, identity, touched)
    return new TransactionProducer(client, cluster, wire, eos, id)
  }

  private constructor(
    private readonly client: Client,
    private readonly cluster: Cluster,
    private readonly wire: ProduceWire,
    private readonly eos: EosManager,
    private readonly id: string,
  ) {}

  /** All of it, or nothing. */
  async run({ messages, offsets }: Transaction): Promise<void> {
    const batches = messages?.batches.filter(({ count }) => count > 0) ?? []
    if (batches.length === 0 && !offsets) return
    if (messages) await this.cluster.addTargetTopic(messages.topic)
    this.eos.beginTransaction()
    if (messages && batches.length > 0) await this.announce(messages.topic, batches)
    await Promise.all([
      messages && batches.length > 0 ? this.produce(messages.topic, batches) : undefined,
      offsets ? this.sendOffsets(offsets) : undefined,
    ])
    await this.eos.commit()
  }

  private async announce(topic: string, batches: readonly OutgoingBatch[]): Promise<void> {
    const partitions = batches.map(({ partition }) => ({ partition }))
    await untilLastHasEnded(() => this.eos.addPartitionsToTransaction([{ topic, partitions }]))
  }

  private async sendOffsets({ group, topic, positions }: CommittedPositions): Promise<void> {
    const partitions = positions.map(({ partition, offset, metadata }) => {
      return { partition, offset: String(offset), metadata }
    })
    await untilLastHasEnded(() => this.eos.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions }] }))
  }

  private async produce(topic: string, batches: readonly OutgoingBatch[]): Promise<void> {
    const encoded: ProducedPartition[] = []
    for (const batch of batches) encoded.push(...(await this.encode(topic, batch)))
    const leaders = new Map<number, ProducedPartition[]>()
    for (const one of encoded) {
      const leader = this.leaderOf(topic, one.partition)
      leaders.set(leader, [...(leaders.get(leader) ?? []), one])
    }
    await Promise.all([...leaders].map(([nodeId, partitions]) => this.produceTo(nodeId, partitions)))
  }

  private async produceTo(nodeId: number, partitions: readonly ProducedPartition[]): Promise<void> {
    const broker = await this.cluster.findBroker({ nodeId })
    // one after the other, as a partition's batches must come in the order of their numbers
    for (const request of splitIntoRequests(partitions)) await this.send(broker, request)
  }

  private async send(broker: Broker, partitions: readonly ProducedPartition[]): Promise<void> {
    const answers = await this.wire.produce(broker, this.id, partitions, PRODUCE_TIMEOUT_MS)
    for (const { topic, partition } of partitions) {
      const answer = answers.find((one) => one.topic === topic && one.partition === partition)
      if (!answer) throw new Error(`the broker said nothing of ${topic}/${partition}`)
      if (answer.errorCode !== 0) throw this.client.internals.createErrorFromCode(answer.errorCode)
    }
  }

  private async encode(topic: string, batch: OutgoingBatch): Promise<ProducedPartition[]> {
    const { partition } = batch
    const key = `${topic}/${partition}`
    const encoded = await this.wire.encode(batch, {
      producerId: BigInt(this.eos.getProducerId()),
      producerEpoch: this.eos.getProducerEpoch(),
      firstSequence: this.sequences.get(key) ?? 0,
      transactional: true,
      timestampMs: Date.now(),
      maxBatchBytes: LARGEST_BATCH_BYTES,
    })
    const last = encoded[encoded.length - 1]
    this.sequences.set(key, (last.firstSequence + last.count) % 2 ** 31)
    return encoded.map(({ bytes }) => ({ topic, partition, records: bytes }))
  }

  private leaderOf(topic: string, partition: number): number {
    const found = this.cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
    if (!found) throw this.client.internals.createErrorFromCode(UNKNOWN_TOPIC)
    return found.leader
  }
}

const UNKNOWN_TOPIC = 3

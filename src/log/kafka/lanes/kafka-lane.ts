import type { LaneState } from '../../../core/orbits/lane-state.js'
import { type Lane, type LaneExtent, type LaneLease, LaneLostError, type PartitionReader } from '../../log.js'
import { textBatch } from '../../text-batch.js'
import { finalError, isFenced, reasonOf } from '../client/failures.js'
import type { TransactionProducer } from '../writing/transaction-producer.js'
import { toPositions } from './lane-metadata.js'

export interface LaneParts {
  producer: TransactionProducer
  reader(partition: number, from: number): Promise<PartitionReader>
  /** @throws ExpectedError where there is no such topic */
  checkTopic(topic: string): Promise<void>
}

/** A lane with a transactional producer of its own, which shuts out whoever had the lane before. */
export class KafkaLane implements Lane {
  readonly topic: string
  readonly partition: number
  readonly partitions: readonly number[]
  private readonly losing = new AbortController()

  constructor(
    readonly lease: LaneLease,
    readonly state: LaneState | undefined,
    readonly extents: readonly LaneExtent[],
    private readonly parts: LaneParts,
  ) {
    this.topic = lease.topic
    this.partition = lease.partition
    this.partitions = lease.partitions
  }

  get lost(): AbortSignal {
    return this.losing.signal
  }

  reader(partition: number, from: number): Promise<PartitionReader> {
    return this.parts.reader(partition, from)
  }

  async commit(state: LaneState, results?: { topic: string; values: readonly Uint8Array[] }): Promise<void> {
    const { topic, partition, lease } = this
    if (this.lost.aborted) throw this.lost.reason
    if (results) await this.parts.checkTopic(results.topic)
    const messages = results && { topic: results.topic, batches: [textBatch(results.values)] }
    try {
      await this.parts.producer.run({ messages, offsets: { group: lease.group, topic, positions: toPositions(state) } })
    } catch (error) {
      const final = finalError(error, `write to ${results?.topic ?? topic}`)
      this.lose(why(error, topic, partition))
      throw final ?? this.lost.reason
    }
  }

  async close(): Promise<void> {
    this.lose(`the lane ${this.topic}/${this.partition} was closed`)
  }

  private lose(message: string | undefined): void {
    this.losing.abort(new LaneLostError(this.topic, this.partition, message))
  }
}

function why(error: unknown, topic: string, partition: number): string | undefined {
  if (isFenced(error)) return undefined
  return `the lane ${topic}/${partition} could not commit: ${reasonOf(error)}; it is opened again`
}

import type { LaneState } from '../../core/orbits/lane-state.js'
import { type Lane, type LaneExtent, type LaneLease, LaneLostError, type PartitionReader } from '../log.js'
import { textBatch } from '../text-batch.js'
import { type Grant, holds, type LanePlace } from './leases.js'
import type { Writer } from './operations.js'
import { EmbeddedReader } from './reader.js'
import type { Store } from './store.js'

/** What lanes, readers and members of one open log share. */
export interface LogParts {
  readonly store: Store
  readonly writer: Writer
}

/** A lane that was granted, to the member that took it or to whoever opened its lease. */
export class EmbeddedLane implements Lane {
  readonly topic: string
  readonly partition: number
  readonly partitions: readonly number[]
  readonly lease: LaneLease
  readonly place: LanePlace
  readonly state: LaneState | undefined
  readonly extents: readonly LaneExtent[]
  readonly lost: AbortSignal
  private readonly losing = new AbortController()
  private readonly parts: LogParts
  private readonly unlisten: () => void

  constructor(parts: LogParts, grant: Grant) {
    const { topic, partitions, group } = grant.place
    this.parts = parts
    this.place = grant.place
    this.topic = topic
    this.partition = partitions[0]
    this.partitions = partitions
    this.lease = { group, topic, partition: partitions[0], partitions, epoch: grant.epoch }
    this.state = grant.state
    this.extents = grant.extents
    this.lost = this.losing.signal
    this.unlisten = parts.store.watcher.listen(() => this.check())
  }

  async reader(partition: number, from: number): Promise<PartitionReader> {
    const { topic, topicId } = this.place
    return new EmbeddedReader(this.parts.store, { topic, topicId, partition }, from)
  }

  async commit(state: LaneState, results?: { topic: string; values: readonly Uint8Array[] }): Promise<void> {
    if (!this.lost.aborted) {
      const batch = results && { topic: results.topic, batch: textBatch(results.values) }
      const commit = { place: this.place, epoch: this.lease.epoch, state, results: batch }
      if (await this.parts.writer.run('commit', commit)) return
    }
    this.lose()
    throw new LaneLostError(this.topic, this.partition)
  }

  async close(): Promise<void> {
    this.lose()
  }

  /** From here on nothing can be committed. */
  lose(): void {
    this.unlisten()
    this.losing.abort(new LaneLostError(this.topic, this.partition))
  }

  private check(): void {
    const { store } = this.parts
    if (store.isClosed || !store.read((tree) => holds(tree, this.place, this.lease.epoch))) this.lose()
  }
}

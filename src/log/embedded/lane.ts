import type { LaneState } from '../../core/orbits/lane-state.js'
import { type Lane, type LaneLease, LaneLostError, type PartitionReader } from '../log.js'
import { type Appender, textBatch } from './appender.js'
import { type Grant, holds, type LanePlace, putState } from './leases.js'
import { EmbeddedReader } from './reader.js'
import type { Store } from './store.js'

/** What lanes, readers and members of one open log share. */
export interface LogParts {
  readonly store: Store
  readonly appender: Appender
}

/** A lane that was granted, to the member that took it or to another thread that adopted its lease. */
export class EmbeddedLane implements Lane {
  readonly topic: string
  readonly partition: number
  readonly lease: LaneLease
  readonly place: LanePlace
  readonly state: LaneState | undefined
  readonly startOffset: number
  readonly endOffset: number
  readonly lost: AbortSignal
  private readonly losing = new AbortController()
  private readonly parts: LogParts
  private readonly onRelease: (lane: EmbeddedLane) => Promise<void>
  private readonly unlisten: () => void

  /** @param onRelease gives the lease back, where it is ours to give */
  constructor(parts: LogParts, grant: Grant, onRelease: (lane: EmbeddedLane) => Promise<void>) {
    const { topic, partition, group } = grant.place
    this.parts = parts
    this.place = grant.place
    this.onRelease = onRelease
    this.topic = topic
    this.partition = partition
    this.lease = { group, topic, partition, epoch: grant.epoch }
    this.state = grant.state
    this.startOffset = grant.startOffset
    this.endOffset = grant.endOffset
    this.lost = this.losing.signal
    this.unlisten = parts.store.watcher.listen(() => this.check())
  }

  async reader(from: number): Promise<PartitionReader> {
    return new EmbeddedReader(this.parts.store, this.place, from)
  }

  async commit(state: LaneState, results?: { topic: string; values: readonly Uint8Array[] }): Promise<void> {
    const committed = await this.parts.store.write((tree) => {
      if (this.lost.aborted || !holds(tree, this.place, this.lease.epoch)) return false
      putState(tree, this.place, state)
      if (results) this.parts.appender.append(tree, results.topic, [textBatch(results.values)])
      return true
    })
    if (committed) return
    this.lose()
    throw new LaneLostError(this.topic, this.partition)
  }

  async release(): Promise<void> {
    await this.onRelease(this)
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

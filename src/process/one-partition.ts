import type { LaneState } from '../core/orbits/lane-state.js'
import type { TopicRange } from '../core/results/result.js'
import { type Lane, type MessageBatch, offsetOf, type PartitionReader } from '../log/log.js'
import { BatchFold, type BatchFoldOptions } from './batch-fold.js'
import type { Counted } from './lane-counts.js'
import type { LaneFeed, LaneProgress } from './lane-feed.js'
import type { LaneStart } from './lane-start.js'
import { notKeyed } from './not-keyed.js'

export interface OnePartitionOptions extends BatchFoldOptions {
  /** the topic has other partitions, which are other lanes */
  apart: boolean
}

/** The rows of a lane of one partition: they are folded in their order, as soon as they come. */
export class OnePartition implements LaneFeed {
  readonly isOverfull = false
  readonly isFull = false
  private readonly batches: BatchFold
  private readonly isApart: boolean
  private position: number
  private sentTo: number
  private announcedTo: number | undefined
  private held: MessageBatch | undefined

  private constructor(
    private readonly lane: Lane,
    private readonly reader: PartitionReader,
    start: LaneStart,
    options: OnePartitionOptions,
    counted: Counted,
  ) {
    this.isApart = options.apart
    this.batches = new BatchFold(start, options, counted)
    this.position = start.parts[0].countFrom
    this.sentTo = this.position
    this.announcedTo = start.announced?.to[0]
  }

  static async open(lane: Lane, start: LaneStart, options: OnePartitionOptions, counted: Counted) {
    const [{ partition, readFrom }] = start.parts
    return new OnePartition(lane, await lane.reader(partition, readFrom), start, options, counted)
  }

  get fold() {
    return this.batches.fold
  }

  get positions(): LaneProgress[] {
    return [{ partition: this.lane.partition, offset: this.position }]
  }

  get hasUnsent(): boolean {
    return this.position > this.sentTo
  }

  get oldestRowMs(): number | undefined {
    return this.batches.oldestRowMs
  }

  get isAtAnnounced(): boolean {
    return this.announcedTo !== undefined && this.fold.counting && this.position >= this.announcedTo
  }

  /** @throws ExpectedError for rows that are not keyed by orbit, where the lane has not all partitions */
  async read(waitMs: number): Promise<boolean> {
    if (this.isAtAnnounced) return false
    const batch = this.held ?? (await this.reader.next(waitMs))
    if (!batch) return false
    this.held = undefined
    if (batch.firstOffset >= (this.announcedTo ?? Number.POSITIVE_INFINITY)) this.holdBack(batch)
    else this.add(batch)
    return true
  }

  private add(batch: MessageBatch): void {
    if (this.isApart && !batch.keyedByOrbit) throw notKeyed(batch)
    this.batches.add(batch)
    const last = batch.count > 0 ? offsetOf(batch, batch.count - 1) : batch.firstOffset
    if (last >= (this.announcedTo ?? Number.POSITIVE_INFINITY))
      throw new RangeError(`a batch goes beyond offset ${this.announcedTo}, where one ended before`)
    // how far a batch reaches behind its last message hangs on when it is read: a transaction's marker may follow
    const reached = Math.min(batch.nextOffset, this.announcedTo ?? batch.nextOffset)
    this.position = Math.max(this.position, reached)
  }

  /** It belongs to the result behind the announced one. */
  private holdBack(batch: MessageBatch): void {
    this.held = batch
    this.fold.startCounting()
    this.position = this.announcedTo ?? this.position
  }

  settle(): void {}

  ranges(): TopicRange[] {
    const { topic, partition } = this.lane
    return [{ topic, partition, from: this.sentTo, to: this.position, watermark: this.fold.watermark }]
  }

  announcement() {
    return { to: [this.position] }
  }

  sent(): void {
    this.sentTo = this.position
    this.batches.oldestRowMs = undefined
    this.announcedTo = undefined
  }

  state(nextMessage: number): LaneState {
    const { resumeOffset, nextOffset, clock } = this.fold.state(this.position)
    return { positions: [{ partition: this.lane.partition, resumeOffset, nextOffset }], nextMessage, clock }
  }

  close(): Promise<void> {
    return this.reader.close()
  }
}

import { ExpectedError } from '../../errors.js'
import type { OutgoingBatch } from '../log.js'
import { chunkEnd, encodeChunk } from './chunk.js'
import { chunkKey } from './keys.js'
import { putPartition } from './records.js'
import { enforceRetention, RetentionPace } from './retention.js'
import type { Store, Tree } from './store.js'
import { getTopic, MAX_MESSAGE_BYTES, partitionOf, putTopic, type TopicRecord } from './topics.js'

/** Values and bounds of one chunk: measured, larger ones are no faster, and smaller ones find free space more easily. */
const CHUNK_BYTES = 256 * 1024
/** lmdb hands out larger values in another, less safe way; a message is a row, some rows, or a result. */
const READER_CHECK_MS = 10_000

/** Appends within transactions of one store, and looks after retention while doing so. */
export class Appender {
  private readonly store: Store
  private readonly now: () => number
  private readonly scratch = new ArrayBuffer(2 * CHUNK_BYTES)
  private readonly pace = new RetentionPace()
  private readersCheckedAtMs = Number.NEGATIVE_INFINITY

  /** @param now ms since 1970 */
  constructor(store: Store, now: () => number) {
    this.store = store
    this.now = now
  }

  /** @throws ExpectedError where the topic or a partition does not exist, or a message is too large */
  append(tree: Tree, name: string, batches: readonly OutgoingBatch[]): void {
    const topic = getTopic(tree, name)
    const nowMs = this.now()
    let bytes = 0
    for (const batch of batches) bytes += this.appendBatch(tree, name, topic, batch, nowMs)
    if (topic.keyedByOrbit && batches.some((batch) => batch.count > 0 && !batch.keyedByOrbit)) {
      putTopic(tree, name, { ...topic, keyedByOrbit: false })
    }
    this.lookAfterRetention(tree, topic, bytes, nowMs)
  }

  private appendBatch(tree: Tree, name: string, topic: TopicRecord, batch: OutgoingBatch, nowMs: number): number {
    const { partition, count } = batch
    const state = partitionOf(tree, name, topic.id, partition)
    const before = state.bytes
    for (let first = 0; first < count; ) {
      const last = chunkEnd(batch, first, CHUNK_BYTES)
      checkSize(name, batch.end[last - 1] - (first === 0 ? 0 : batch.end[first - 1]))
      const stored = encodeChunk(batch, first, last, nowMs, this.scratch)
      tree.put(chunkKey(topic.id, partition, state.end), stored)
      state.end += last - first
      state.bytes += stored.length
      first = last
    }
    if (count > 0) putPartition(tree, topic.id, partition, state)
    return state.bytes - before
  }

  private lookAfterRetention(tree: Tree, topic: TopicRecord, bytes: number, nowMs: number): void {
    if (!this.pace.isDue(topic, bytes, nowMs)) return
    if (Math.abs(nowMs - this.readersCheckedAtMs) >= READER_CHECK_MS) {
      this.store.dropDeadReaders()
      this.readersCheckedAtMs = nowMs
    }
    if (enforceRetention(tree, topic, nowMs)) this.pace.done(topic, nowMs)
  }
}

function checkSize(topic: string, bytes: number): void {
  if (bytes <= MAX_MESSAGE_BYTES) return
  const size = (bytes / 1024 ** 2).toFixed(1)
  throw new ExpectedError(`a message of ${size} MiB is too large for the topic ${topic}: the log takes up to 8 MiB`, [
    'send fewer rows with each message',
  ])
}

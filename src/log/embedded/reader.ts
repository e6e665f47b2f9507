import { ExpectedError } from '../../errors.js'
import { type MessageBatch, MessagesGoneError, type PartitionReader } from '../log.js'
import { batchFrom, decodeChunk } from './chunk.js'
import { chunkKey, offsetIn } from './keys.js'
import type { Store, Tree } from './store.js'
import { partitionOf } from './topics.js'

export interface PartitionPlace {
  readonly topic: string
  readonly topicId: number
  readonly partition: number
}

/** Reads a partition chunk by chunk. */
export class EmbeddedReader implements PartitionReader {
  private readonly store: Store
  private readonly place: PartitionPlace
  private offset: number
  private closed = false

  constructor(store: Store, place: PartitionPlace, from: number) {
    if (!Number.isSafeInteger(from) || from < 0) throw new RangeError(`${from} is not an offset`)
    this.store = store
    this.place = place
    this.offset = from
  }

  async next(waitMs: number): Promise<MessageBatch | undefined> {
    const until = performance.now() + waitMs
    await this.store.breathe()
    while (!this.closed) {
      const version = this.store.version()
      const batch = this.store.read((tree) => readBatch(tree, this.place, this.offset))
      if (batch) {
        this.offset = batch.nextOffset
        return batch
      }
      const left = until - performance.now()
      if (left <= 0) return undefined
      await this.store.watcher.after(version, left)
      if (this.store.isClosed) return undefined
    }
    return undefined
  }

  async close(): Promise<void> {
    this.closed = true
    this.store.watcher.wake()
  }
}

/** The messages from `offset` to the end of its chunk; undefined at the end of the partition. */
function readBatch(tree: Tree, place: PartitionPlace, offset: number): MessageBatch | undefined {
  const { topic, topicId, partition } = place
  const { start, end } = partitionOf(tree, topic, topicId, partition)
  if (offset < start) throw messagesGone(place, offset, start)
  if (offset > end) throw notYetWritten(place, offset, end)
  if (offset === end) return undefined
  const { stored, chunkOffset } = chunkAt(tree, place, offset)
  // memory of its own, aligned, and not filled with zeros before
  const copy = new Uint8Array(Buffer.allocUnsafeSlow(stored.length).buffer)
  copy.set(stored)
  return batchFrom(decodeChunk(copy), { topic, partition, chunkOffset }, offset)
}

function chunkAt(tree: Tree, place: PartitionPlace, offset: number): { stored: Uint8Array; chunkOffset: number } {
  const wanted = chunkKey(place.topicId, place.partition, offset)
  const exact = tree.get(wanted)
  if (exact) return { stored: exact, chunkOffset: offset }
  const key = tree.keyUpTo(wanted)
  const stored = key && tree.get(key)
  if (!stored) throw new Error(`${place.topic}/${place.partition} has no chunk with offset ${offset}`)
  return { stored, chunkOffset: offsetIn(key) }
}

function messagesGone({ topic, partition }: PartitionPlace, offset: number, start: number): MessagesGoneError {
  return new MessagesGoneError(
    `messages ${offset} to ${start - 1} of ${topic}/${partition} are no longer kept; the first one there is ${start}`,
    [
      'begin with what is kept: another group with --from-beginning, or --from-end',
      'keep more: create the topic with a larger retention',
    ],
    partition,
    start,
  )
}

function notYetWritten({ topic, partition }: PartitionPlace, offset: number, end: number): ExpectedError {
  return new ExpectedError(
    `message ${offset} of ${topic}/${partition} was never written; the next one will be ${end}`,
    ['this offset belongs to another log or to an earlier topic of that name: begin anew with another group'],
  )
}

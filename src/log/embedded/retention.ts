import { chunkHeader } from './chunk.js'
import { chunkKey } from './keys.js'
import { putPartition, readPartition } from './records.js'
import type { Tree } from './store.js'
import type { TopicRecord } from './topics.js'

/** Retention is looked after whenever this share of what a topic keeps was appended, and at least so many bytes or ms. */
const SHARE = 16
const MAX_BYTES_BETWEEN = 16 * 1024 ** 2
const MAX_MS_BETWEEN = 60_000
/** Chunks dropped in one transaction, which keeps the time short that others wait; the next append goes on. */
const MAX_DROPS = 1000

/** Decides, for one log, which append looks after a topic's retention: the first one, then one every so often. */
export class RetentionPace {
  private readonly topics = new Map<number, { bytes: number; atMs: number }>()

  isDue(topic: TopicRecord, appendedBytes: number, nowMs: number): boolean {
    const last = this.topics.get(topic.id)
    if (!last) return true
    last.bytes += appendedBytes
    const bytesBetween = Math.min(topic.retentionBytes / SHARE, MAX_BYTES_BETWEEN)
    const msBetween = Math.min(topic.retentionMs / SHARE, MAX_MS_BETWEEN)
    return last.bytes >= bytesBetween || Math.abs(nowMs - last.atMs) >= msBetween
  }

  done(topic: TopicRecord, nowMs: number): void {
    this.topics.set(topic.id, { bytes: 0, atMs: nowMs })
  }
}

/** The oldest chunk of a partition. */
interface Head {
  partition: number
  start: number
  end: number
  bytes: number
  count: number
  chunkBytes: number
  appendedAtMs: number
}

/**
 * Drops the oldest chunks while the topic keeps more bytes than it should, over all partitions, and those that are too
 * old; never the newest chunk of a partition. False where it stopped before all was done.
 */
export function enforceRetention(tree: Tree, topic: TopicRecord, nowMs: number): boolean {
  const heads: Head[] = []
  let bytes = 0
  for (let partition = 0; partition < topic.partitions; partition++) {
    const head = headOf(tree, topic.id, partition)
    bytes += head?.bytes ?? 0
    if (head) heads.push(head)
  }
  for (let drops = 0; drops < MAX_DROPS; drops++) {
    const oldest = oldestThatMayGo(heads)
    if (!oldest) return true
    if (bytes <= topic.retentionBytes && nowMs - oldest.appendedAtMs <= topic.retentionMs) return true
    bytes -= oldest.chunkBytes
    const next = drop(tree, topic.id, oldest)
    heads[heads.indexOf(oldest)] = next
  }
  return false
}

/** undefined for an empty partition. */
function headOf(tree: Tree, topicId: number, partition: number): Head | undefined {
  const state = readPartition(tree, topicId, partition)
  if (!state || state.start === state.end) return undefined
  const stored = tree.get(chunkKey(topicId, partition, state.start))
  if (!stored) throw new Error(`chunk ${state.start} of partition ${partition} is missing`)
  return { partition, ...state, ...chunkHeader(stored), chunkBytes: stored.length }
}

function oldestThatMayGo(heads: readonly Head[]): Head | undefined {
  let oldest: Head | undefined
  for (const head of heads) {
    const newest = head.start + head.count === head.end
    if (!newest && (!oldest || head.appendedAtMs < oldest.appendedAtMs)) oldest = head
  }
  return oldest
}

function drop(tree: Tree, topicId: number, head: Head): Head {
  const { partition, start, end } = head
  tree.remove(chunkKey(topicId, partition, start))
  putPartition(tree, topicId, partition, { start: start + head.count, end, bytes: head.bytes - head.chunkBytes })
  const next = headOf(tree, topicId, partition)
  if (!next) throw new Error(`partition ${partition} lost its newest chunk`)
  return next
}

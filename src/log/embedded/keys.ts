/**
 * The keys of the one tree that holds everything. Numbers are big-endian, so that the tree's order is theirs:
 *
 *     N, E                             last topic id, last epoch given out
 *     T name                           topic
 *     P topic-id partition             offsets of a partition
 *     C topic-id partition offset      chunk of messages, by its first offset
 *     L topic-id partition group       lease of a lane
 *     S topic-id partition group       state committed for a lane
 *     M member                         member of a group: who it is, its heartbeat
 *     R name                           progress of a source
 *     G topic-id                       deleted topic whose chunks are not all gone yet
 */
import { createHash } from 'node:crypto'

const PREFIX_BYTES = 1
const PARTITION_KEY_BYTES = PREFIX_BYTES + 8
const CHUNK_KEY_BYTES = PARTITION_KEY_BYTES + 8
const TWO_32 = 0x1_0000_0000
/** A name longer than this is replaced by its digest: lmdb takes keys of 1978 bytes at most. */
const MAX_NAME_BYTES = 1000

export const TOPIC_COUNTER_KEY = Buffer.from('N')
export const EPOCH_COUNTER_KEY = Buffer.from('E')

function named(prefix: string, name: string): Buffer {
  const key = Buffer.from(prefix + name)
  if (key.length <= MAX_NAME_BYTES) return key
  return Buffer.from(`${prefix}sha256:${createHash('sha256').update(name).digest('hex')}`)
}

function numbered(prefix: string, bytes: number, topicId: number, partition: number): Buffer {
  const key = Buffer.alloc(bytes)
  key.write(prefix, 0, 'latin1')
  key.writeUInt32BE(topicId, PREFIX_BYTES)
  key.writeUInt32BE(partition, PREFIX_BYTES + 4)
  return key
}

export const topicKey = (name: string): Buffer => named('T', name)
export const progressKey = (name: string): Buffer => named('R', name)
export const memberKey = (id: string): Buffer => named('M', id)

export function garbageKey(topicId: number): Buffer {
  return numbered('G', PARTITION_KEY_BYTES, topicId, 0).subarray(0, PREFIX_BYTES + 4)
}

export function partitionKey(topicId: number, partition: number): Buffer {
  return numbered('P', PARTITION_KEY_BYTES, topicId, partition)
}

export function chunkKey(topicId: number, partition: number, offset: number): Buffer {
  const key = numbered('C', CHUNK_KEY_BYTES, topicId, partition)
  key.writeUInt32BE(Math.floor(offset / TWO_32), PARTITION_KEY_BYTES)
  key.writeUInt32BE(offset % TWO_32, PARTITION_KEY_BYTES + 4)
  return key
}

function groupKey(prefix: string, topicId: number, partition: number, group: string): Buffer {
  return Buffer.concat([numbered(prefix, PARTITION_KEY_BYTES, topicId, partition), Buffer.from(group)])
}

export const leaseKey = (topicId: number, partition: number, group: string): Buffer =>
  groupKey('L', topicId, partition, group)
export const stateKey = (topicId: number, partition: number, group: string): Buffer =>
  groupKey('S', topicId, partition, group)

/** All keys with this prefix, and where they stop; with a topic's id, that topic's. */
export function rangeOf(prefix: string, topicId?: number): { from: Buffer; to: Buffer } {
  if (topicId === undefined) return { from: Buffer.from(prefix), to: Buffer.from([prefix.charCodeAt(0) + 1]) }
  return {
    from: numbered(prefix, PARTITION_KEY_BYTES, topicId, 0),
    to: numbered(prefix, PARTITION_KEY_BYTES, topicId + 1, 0),
  }
}

export const nameIn = (key: Uint8Array): string => Buffer.from(key.subarray(PREFIX_BYTES)).toString()
export const topicIdIn = (key: Uint8Array): number => Buffer.from(key).readUInt32BE(PREFIX_BYTES)
export const partitionIn = (key: Uint8Array): number => Buffer.from(key).readUInt32BE(PREFIX_BYTES + 4)
export const groupIn = (key: Uint8Array): string => Buffer.from(key.subarray(PARTITION_KEY_BYTES)).toString()

/** The first offset of the chunk that this key is of. */
export function offsetIn(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  return view.getUint32(PARTITION_KEY_BYTES) * TWO_32 + view.getUint32(PARTITION_KEY_BYTES + 4)
}

import { AT, CURRENT_MAGIC, LENGTH_COUNTS_FROM, TRANSACTIONAL } from './batch-header.js'
import { crc32c } from './crc.js'

/** What a producer says of a record batch. */
export interface BatchFields {
  producerId: bigint
  producerEpoch: number
  firstSequence: number
  transactional: boolean
  /** of all its messages, ms since 1970 */
  timestampMs: number
  count: number
}

/** Which leader wrote the batch: it says so itself. */
const NO_LEADER_EPOCH = -1

/** Writes the header of a record batch whose records are written already, in their place, to the end of `batch`. */
export function writeHeader(batch: Buffer, fields: BatchFields): void {
  const timestamp = BigInt(fields.timestampMs)
  batch.writeBigInt64BE(0n, AT.baseOffset)
  batch.writeInt32BE(batch.length - LENGTH_COUNTS_FROM, AT.length)
  batch.writeInt32BE(NO_LEADER_EPOCH, AT.leaderEpoch)
  batch.writeInt8(CURRENT_MAGIC, AT.magic)
  batch.writeInt16BE(fields.transactional ? TRANSACTIONAL : 0, AT.attributes)
  batch.writeInt32BE(fields.count - 1, AT.lastOffsetDelta)
  batch.writeBigInt64BE(timestamp, AT.baseTimestamp)
  batch.writeBigInt64BE(timestamp, AT.maxTimestamp)
  batch.writeBigInt64BE(fields.producerId, AT.producerId)
  batch.writeInt16BE(fields.producerEpoch, AT.producerEpoch)
  batch.writeInt32BE(fields.firstSequence, AT.firstSequence)
  batch.writeInt32BE(fields.count, AT.count)
  batch.writeUInt32BE(crc32c(batch.subarray(AT.attributes)), AT.crc)
}

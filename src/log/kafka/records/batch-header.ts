/** Where the fields of a record batch of magic 2 lie; all numbers are big-endian. */
export const AT = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
  records: 61,
} as const

/** What the length field counts from. */
export const LENGTH_COUNTS_FROM = AT.leaderEpoch
export const CURRENT_MAGIC = 2
export const TRANSACTIONAL = 0x10
/** Where attributes have the number of the compression. */
export const CODEC = 0x07
const CONTROL = 0x20

/** What a record batch says of itself before its records. */
export interface BatchHeader {
  baseOffset: number
  /** offset of the last record that the batch ever had, kept when compaction takes records away */
  lastOffset: number
  crc: number
  /** number of the compression, 0 for none */
  codec: number
  transactional: boolean
  /** holds a transaction's marker, not messages */
  control: boolean
  /** ms since 1970 */
  maxTimestamp: number
  producerId: bigint
  count: number
}

/** The header of the record batch that begins at `at`, whose bytes are all there. */
export function readHeader(bytes: Buffer, at: number): BatchHeader {
  const attributes = bytes.readInt16BE(at + AT.attributes)
  const baseOffset = Number(bytes.readBigInt64BE(at + AT.baseOffset))
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + AT.lastOffsetDelta),
    crc: bytes.readUInt32BE(at + AT.crc),
    codec: attributes & CODEC,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    maxTimestamp: Number(bytes.readBigInt64BE(at + AT.maxTimestamp)),
    producerId: bytes.readBigInt64BE(at + AT.producerId),
    count: bytes.readInt32BE(at + AT.count),
  }
}

import type { MessageBatch } from '../../../core/rows/message-batch.js'
import { type AbortedTransaction, AbortFilter } from './aborted.js'
import { AT, type BatchHeader, CURRENT_MAGIC, LENGTH_COUNTS_FROM, readHeader } from './batch-header.js'
import { decompressed } from './compression.js'
import { crc32c } from './crc.js'
import { BadRecords, type BatchPlace, damagedBatch, oldFormat } from './failures.js'
import { walkRecords } from './walk-records.js'

/** What a fetch response holds of one partition. */
export interface RecordSet {
  readonly topic: string
  readonly partition: number
  /** record batches, of which the last may be cut off and the first may begin below `from` */
  readonly bytes: Buffer
  /** the offset asked for */
  readonly from: number
  /** the response's list, where only what is committed is to be read; in any order */
  readonly aborted?: readonly AbortedTransaction[] | null | undefined
}

export interface DecodedSet {
  /** one for each record batch that has messages from `from` on, without those of aborted transactions */
  readonly batches: MessageBatch[]
  /** where reading goes on behind all whole record batches of the set, `from` where it has none */
  readonly nextOffset: number
}

/**
 * The messages of a partition's record set as columns over its bytes, or over decompressed ones: no value is copied.
 * @throws ExpectedError where a record batch is damaged, in an old format, or compressed in a way that can't be read
 */
export function decodeRecordSet({ topic, partition, bytes, from, aborted }: RecordSet): DecodedSet {
  const filter = new AbortFilter(aborted ?? [])
  const batches: MessageBatch[] = []
  let nextOffset = from
  let previousLast = -1
  for (let at = 0; ; ) {
    const end = wholeBatchEnd(bytes, at, { topic, partition })
    if (end === undefined) return { batches, nextOffset }
    const header = checkedHeader(bytes, at, end, { topic, partition })
    const place = { topic, partition, offset: header.baseOffset }
    if (header.baseOffset <= previousLast) throw damagedBatch(place, 'its offsets are out of order')
    previousLast = header.lastOffset
    const batch = inPlace(place, () => decodeBatch(place, header, bytes.subarray(at + AT.records, end), from, filter))
    if (batch) batches.push(batch)
    nextOffset = Math.max(nextOffset, header.lastOffset + 1)
    at = end
  }
}

/** Where the record batch ends that begins at `at`; undefined where it is cut off. */
function wholeBatchEnd(bytes: Buffer, at: number, place: Omit<BatchPlace, 'offset'>): number | undefined {
  if (bytes.length - at < LENGTH_COUNTS_FROM) return undefined
  const length = bytes.readInt32BE(at + AT.length)
  const offset = Number(bytes.readBigInt64BE(at + AT.baseOffset))
  if (length <= AT.magic - LENGTH_COUNTS_FROM)
    throw damagedBatch({ ...place, offset }, `it can't be ${length} bytes long`)
  const end = at + LENGTH_COUNTS_FROM + length
  return end <= bytes.length ? end : undefined
}

/** The header of the record batch bytes[at, end), after its checksum was compared. */
function checkedHeader(bytes: Buffer, at: number, end: number, where: Omit<BatchPlace, 'offset'>): BatchHeader {
  const place = { ...where, offset: Number(bytes.readBigInt64BE(at + AT.baseOffset)) }
  const magic = bytes[at + AT.magic]
  if (magic !== CURRENT_MAGIC) throw oldFormat(place, magic)
  if (end - at < AT.records) throw damagedBatch(place, `it can't be ${end - at} bytes long`)
  const header = readHeader(bytes, at)
  if (crc32c(bytes.subarray(at + AT.attributes, end)) !== header.crc) {
    throw damagedBatch(place, "its checksum doesn't match")
  }
  const { baseOffset, lastOffset } = header
  if (baseOffset < 0 || lastOffset < baseOffset || !Number.isSafeInteger(lastOffset)) {
    throw damagedBatch(place, 'its offsets make no sense')
  }
  return header
}

/** The messages of one record batch, or undefined where none is left. */
function decodeBatch(
  place: BatchPlace,
  header: BatchHeader,
  stored: Buffer,
  from: number,
  filter: AbortFilter,
): MessageBatch | undefined {
  const isAborted = filter.isAborted(header, () => decompressed(stored, header.codec, place))
  if (isAborted || header.control || header.lastOffset < from || header.count === 0) return undefined
  const bytes = decompressed(stored, header.codec, place)
  const { baseOffset, lastOffset, count } = header
  const records = walkRecords({ bytes, count, baseOffset, lastOffset, from })
  if (records.count === 0) return undefined
  return {
    topic: place.topic,
    partition: place.partition,
    nextOffset: lastOffset + 1,
    bytes,
    appendedAtMs: header.maxTimestamp,
    ...records,
  }
}

/** Gives what goes wrong in a batch its place. */
function inPlace<T>(place: BatchPlace, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadRecords) throw damagedBatch(place, error.message)
    throw error
  }
}

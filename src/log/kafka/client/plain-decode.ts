import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import type { MessageBatch } from '../../log.js'
import { AbortFilter, type FilteredBatch } from '../records/aborted.js'
import { AT, CODEC, CURRENT_MAGIC, LENGTH_COUNTS_FROM } from '../records/batch-header.js'
import { decompressed } from '../records/compression.js'
import { type BatchPlace, damagedBatch, oldFormat } from '../records/failures.js'
import { KIND_OF_LETTER, UNMARKED } from '../records/marks.js'
import { RecordColumns } from '../records/record-columns.js'
import { kindByValue } from '../records/record-kind.js'
import type { DecodedRecord, Internals, RecordBatchContext } from './internals.js'
import type { FetchAnswer } from './raw-requests.js'

/** A record batch as it came, and as kafkajs has read it. */
export interface ReadBatch {
  bytes: Buffer
  context: RecordBatchContext & { records: DecodedRecord[] }
}

/** The one codec that kafkajs brings along. */
const GZIP = 1

/** Reads all whole record batches of an answer; kafkajs compares no checksums. */
export async function readPlainly(
  { RecordBatchDecoder, Decoder }: Internals,
  { topic, partition, records }: Pick<FetchAnswer, 'topic' | 'partition' | 'records'>,
): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = []
  for (let at = 0; records.length - at >= AT.records; ) {
    const end = at + LENGTH_COUNTS_FROM + records.readInt32BE(at + AT.length)
    if (end > records.length) break
    const bytes = records.subarray(at, end)
    const place = { topic, partition, offset: Number(bytes.readBigInt64BE(AT.baseOffset)) }
    if (bytes[AT.magic] !== CURRENT_MAGIC) throw oldFormat(place, bytes[AT.magic])
    const readable = withoutForeignCodec(bytes, place)
    const context = await RecordBatchDecoder(new Decoder(readable)).catch((error: Error) => {
      throw damagedBatch(place, `kafkajs can't read it (${error.message})`)
    })
    batches.push({ bytes: readable, context })
    at = end
  }
  return batches
}

/** The record batch with records that are not compressed, where kafkajs could not decompress them. */
function withoutForeignCodec(bytes: Buffer, place: BatchPlace): Buffer {
  const attributes = bytes.readInt16BE(AT.attributes)
  const codec = attributes & CODEC
  if (codec <= GZIP) return bytes
  const batch = Buffer.concat([bytes.subarray(0, AT.records), decompressed(bytes.subarray(AT.records), codec, place)])
  batch.writeInt32BE(batch.length - LENGTH_COUNTS_FROM, AT.length)
  batch.writeInt16BE(attributes - codec, AT.attributes)
  return batch
}

/** The messages from `from` on that are no markers and were not aborted. */
export function plainMessages(
  read: readonly ReadBatch[],
  { topic, partition, aborted }: Pick<FetchAnswer, 'topic' | 'partition' | 'aborted'>,
  from: number,
): { batches: MessageBatch[]; nextOffset: number } {
  const filter = new AbortFilter(aborted)
  const batches: MessageBatch[] = []
  let nextOffset = from
  for (const { bytes, context } of read) {
    const header = headerOf(context)
    nextOffset = Math.max(nextOffset, header.lastOffset + 1)
    // markers are never compressed
    const isAborted = filter.isAborted(header, () => bytes.subarray(AT.records))
    if (isAborted || header.control) continue
    const records = context.records.filter(({ offset }) => Number(offset) >= from)
    if (records.length > 0) batches.push({ topic, partition, ...columnsOf(records, context) })
  }
  return { batches, nextOffset }
}

function headerOf({ firstOffset, lastOffsetDelta, inTransaction, isControlBatch, producerId }: RecordBatchContext) {
  return {
    lastOffset: Number(firstOffset) + lastOffsetDelta,
    transactional: inTransaction,
    control: isControlBatch,
    producerId: BigInt(producerId),
  } satisfies FilteredBatch
}

function columnsOf(
  records: readonly DecodedRecord[],
  { firstOffset, lastOffsetDelta, maxTimestamp }: RecordBatchContext,
) {
  const base = Number(firstOffset)
  const columns = new RecordColumns(records.length)
  const bytes = Buffer.concat(records.map(({ value }) => value ?? Buffer.alloc(0)))
  let keyedByOrbit = true
  let at = 0
  for (const { offset, value, headers } of records) {
    const end = at + (value?.length ?? 0)
    const mark = markIn(headers)
    const isMarked = mark !== UNMARKED && (mark === MESSAGE_KIND.end) === (value === null)
    if (!isMarked) keyedByOrbit = false
    columns.add(Number(offset) - base, at, end, isMarked ? mark : kindByValue(bytes, at, end))
    at = end
  }
  const nextOffset = base + lastOffsetDelta + 1
  return { ...columns.records(base), bytes, keyedByOrbit, nextOffset, appendedAtMs: Number(maxTimestamp) }
}

/** Of headers of the same name kafkajs makes a list. */
function markIn({ dt }: DecodedRecord['headers']): number {
  const letters = [dt].flat().map((value) => (value?.length === 1 ? KIND_OF_LETTER[value[0]] : UNMARKED))
  return letters.find((kind) => kind !== UNMARKED) ?? UNMARKED
}

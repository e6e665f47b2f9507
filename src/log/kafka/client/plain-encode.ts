import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import type { OutgoingBatch } from '../../log.js'
import { AT } from '../records/batch-header.js'
import { type EncodedBatch, type EncodeOptions, sequenceAfter } from '../records/encode.js'
import { LETTER_OF_KIND } from '../records/marks.js'
import type { Encoder, Internals, KafkaJsMessage } from './internals.js'

/** What `encodeRecordBatches` does, by kafkajs' own encoder. */
export async function encodePlainly(
  internals: Internals,
  batch: OutgoingBatch,
  options: EncodeOptions,
): Promise<EncodedBatch[]> {
  const encoded: EncodedBatch[] = []
  let { firstSequence } = options
  for (let first = 0; first < batch.count; ) {
    const records = recordsFrom(internals, batch, first, options.maxBatchBytes)
    const count = records.length
    encoded.push({ bytes: await encodeBatch(internals, records, firstSequence, options), count, firstSequence })
    firstSequence = sequenceAfter(firstSequence, count)
    first += count
  }
  return encoded
}

/** As many as there is room for, one at least. */
function recordsFrom({ Record }: Internals, batch: OutgoingBatch, first: number, maxBytes: number): Encoder[] {
  const records: Encoder[] = []
  let size: number = AT.records
  for (let i = first; i < batch.count; i++) {
    const record = Record({ ...messageAt(batch, i), offsetDelta: i - first, timestampDelta: 0 })
    size += record.size()
    if (i > first && size > maxBytes) break
    records.push(record)
  }
  return records
}

function messageAt({ bytes, end, kind, keys, keyedByOrbit }: OutgoingBatch, i: number): KafkaJsMessage {
  const headers = keyedByOrbit ? { dt: String.fromCharCode(LETTER_OF_KIND[kind[i]]) } : {}
  if (kind[i] === MESSAGE_KIND.end) return { key: null, value: null, headers }
  const part = (from: number, to: number) => Buffer.from(bytes.subarray(from, to))
  const key = keys && keys.end[i] > keys.start[i] ? part(keys.start[i], keys.end[i]) : null
  return { key, value: part(i === 0 ? 0 : end[i - 1], end[i]), headers }
}

async function encodeBatch(
  { RecordBatch }: Internals,
  records: Encoder[],
  firstSequence: number,
  { producerId, producerEpoch, transactional, timestampMs }: EncodeOptions,
): Promise<Buffer> {
  const encoder = await RecordBatch({
    ...{ firstTimestamp: timestampMs, maxTimestamp: timestampMs, partitionLeaderEpoch: -1 },
    ...{ lastOffsetDelta: records.length - 1, transactional, records },
    ...{ producerId: String(producerId), producerEpoch, firstSequence },
  })
  return encoder.buffer
}

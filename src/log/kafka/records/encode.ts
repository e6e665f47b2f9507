import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import type { OutgoingBatch } from '../../log.js'
import { AT } from './batch-header.js'
import { LETTER_OF_KIND, MARK_PREFIX, MARK_SIZE } from './marks.js'
import { varintSize, writeVarint } from './varint.js'
import { type BatchFields, writeHeader } from './write-header.js'

/** A value of up to so many bytes is copied byte by byte, which is faster than a call. */
const SHORT_VALUE = 64
/** Attributes and a time that is the batch's own. */
const FIXED_BYTES = 2
/** How a length of -1, for no key or no value, is written. */
const NONE = 1

export interface EncodeOptions {
  /** -1 for a producer without one */
  producerId: bigint
  producerEpoch: number
  /** number of the first message since the producer began, below 2^31; -1 for a producer without id */
  firstSequence: number
  transactional: boolean
  /** time of all messages, ms since 1970 */
  timestampMs: number
  /** a record batch grows no larger than this, header and all, but holds one message at least */
  maxBatchBytes: number
}

/** A whole record batch of magic 2. */
export interface EncodedBatch {
  bytes: Buffer
  /** messages in it */
  count: number
  /** of its first message */
  firstSequence: number
}

/**
 * Messages as record batches without compression, each for a produce request of its own: Kafka takes only one a
 * partition. With a batch keyed by orbit every message is marked.
 * @throws TypeError where a message can only be told by the mark that its batch doesn't have
 */
export function encodeRecordBatches(batch: OutgoingBatch, options: EncodeOptions): EncodedBatch[] {
  if (!batch.keyedByOrbit) checkNeedsNoMark(batch)
  const encoded: EncodedBatch[] = []
  const bodySizes = new Uint32Array(batch.count)
  let { firstSequence } = options
  for (let first = 0; first < batch.count; ) {
    const { last, size } = measure(batch, first, options.maxBatchBytes, bodySizes)
    const bytes = Buffer.allocUnsafeSlow(size)
    writeRecords(batch, first, last, bodySizes, bytes)
    const count = last - first
    const fields: BatchFields = { ...options, firstSequence, count }
    writeHeader(bytes, fields)
    encoded.push({ bytes, count, firstSequence })
    firstSequence = sequenceAfter(firstSequence, count)
    first = last
  }
  return encoded
}

/** The sequence number of the message that is `count` behind: after 2^31 - 1 comes 0. Without one it stays -1. */
export function sequenceAfter(sequence: number, count: number): number {
  return sequence < 0 ? sequence : (sequence + count) % 2 ** 31
}

function checkNeedsNoMark({ count, kind }: OutgoingBatch): void {
  for (let i = 0; i < count; i++) {
    if (kind[i] === MESSAGE_KIND.daq || kind[i] === MESSAGE_KIND.end) {
      throw new TypeError('raw words and end marks are told by their mark, which only a batch keyed by orbit has')
    }
  }
}

/** Where the record batch ends that begins with message `first`, and its bytes; each record's go to `bodySizes`. */
function measure(
  { count, end, kind, keys, keyedByOrbit }: OutgoingBatch,
  first: number,
  maxBytes: number,
  bodySizes: Uint32Array,
): { last: number; size: number } {
  const fixed = FIXED_BYTES + (keyedByOrbit ? MARK_SIZE : 1)
  let size: number = AT.records
  let from = first === 0 ? 0 : end[first - 1]
  for (let i = first; i < count; i++) {
    let body = fixed + varintSize(i - first)
    if (kind[i] === MESSAGE_KIND.end) body += 2
    else {
      const keySize = keys ? keys.end[i] - keys.start[i] : 0
      body += keySize > 0 ? varintSize(keySize) + keySize : 1
      const valueSize = end[i] - from
      body += varintSize(valueSize) + valueSize
    }
    const whole = varintSize(body) + body
    if (i > first && size + whole > maxBytes) return { last: i, size }
    bodySizes[i] = body
    size += whole
    from = end[i]
  }
  return { last: count, size }
}

/** Writes messages [first, last) behind the place of the header. */
function writeRecords(
  { bytes, end, kind, keys, keyedByOrbit }: OutgoingBatch,
  first: number,
  last: number,
  bodySizes: Uint32Array,
  out: Uint8Array,
): void {
  let at: number = AT.records
  let from = first === 0 ? 0 : end[first - 1]
  for (let i = first; i < last; i++) {
    at = writeVarint(out, at, bodySizes[i])
    out[at++] = 0
    out[at++] = 0
    at = writeVarint(out, at, i - first)
    if (kind[i] === MESSAGE_KIND.end) {
      out[at++] = NONE
      out[at++] = NONE
    } else {
      if (keys && keys.end[i] > keys.start[i]) at = writeBytes(out, at, bytes, keys.start[i], keys.end[i])
      else out[at++] = NONE
      at = writeBytes(out, at, bytes, from, end[i])
    }
    from = end[i]
    if (keyedByOrbit) at = writeMark(out, at, LETTER_OF_KIND[kind[i]])
    else out[at++] = 0
  }
}

/** Writes the length of source[start, end), and these bytes. */
function writeBytes(out: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  let next = writeVarint(out, at, end - start)
  if (end - start > SHORT_VALUE) {
    out.set(source.subarray(start, end), next)
    return next + end - start
  }
  for (let from = start; from < end; from++) out[next++] = source[from]
  return next
}

const [COUNT, KEY_SIZE, D, T, VALUE_SIZE] = MARK_PREFIX

function writeMark(out: Uint8Array, at: number, letter: number): number {
  out[at] = COUNT
  out[at + 1] = KEY_SIZE
  out[at + 2] = D
  out[at + 3] = T
  out[at + 4] = VALUE_SIZE
  out[at + 5] = letter
  return at + MARK_SIZE
}

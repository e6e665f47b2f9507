import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecordSet } from '../../../../src/log/kafka/records/decode.js'
import {
  type EncodedBatch,
  type EncodeOptions,
  encodeRecordBatches,
  sequenceAfter,
} from '../../../../src/log/kafka/records/encode.js'
import { MESSAGE_KIND, type OutgoingBatch } from '../../../../src/log/log.js'
import { messagesOf, outgoing } from '../../messages.js'
import { decodedByKafkajs } from './kafkajs.js'

const OPTIONS: EncodeOptions = {
  producerId: 4_000_000_000_123n,
  producerEpoch: 7,
  firstSequence: 100,
  transactional: false,
  timestampMs: 1_700_000_000_123,
  maxBatchBytes: 900_000,
}
const LETTERS = ['t', 'a', 'd', 'e']
const KEYED_KINDS = Object.values(MESSAGE_KIND)

interface Message {
  value: Buffer
  /** part of the value that is the key */
  keyFrom: number
  keyTo: number
  kind: number
}

const messageArbitrary: fc.Arbitrary<Message> = fc
  .record({
    value: fc.oneof(
      { weight: 9, arbitrary: fc.uint8Array({ maxLength: 80 }) },
      { weight: 1, arbitrary: fc.integer({ min: 8100, max: 8300 }).map((length) => new Uint8Array(length).fill(65)) },
    ),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom(...KEYED_KINDS),
  })
  .map(({ value, from, to, kind }) => {
    const keyFrom = Math.floor(from * value.length)
    return {
      value: kind === MESSAGE_KIND.end ? Buffer.alloc(0) : Buffer.from(value),
      keyFrom: kind === MESSAGE_KIND.end ? 0 : keyFrom,
      keyTo: kind === MESSAGE_KIND.end ? 0 : Math.max(keyFrom, Math.floor(to * value.length)),
      kind,
    }
  })

/** As a batch, with keys or without. */
function batchOf(messages: readonly Message[], withKeys: boolean, keyedByOrbit = true): OutgoingBatch {
  const count = messages.length
  const end = new Uint32Array(count)
  const keys = { start: new Uint32Array(count), end: new Uint32Array(count) }
  let size = 0
  for (const [i, { value, keyFrom, keyTo }] of messages.entries()) {
    keys.start[i] = size + keyFrom
    keys.end[i] = size + keyTo
    size += value.length
    end[i] = size
  }
  const bytes = Buffer.concat(messages.map(({ value }) => value))
  const kind = Uint8Array.from(messages, (message) => message.kind)
  return { partition: 0, count, bytes, end, kind, keyedByOrbit, ...(withKeys ? { keys } : {}) }
}

/** As a broker does: gives the batches offsets that run on. */
function stored(encoded: readonly EncodedBatch[], firstOffset: number): Buffer {
  let offset = firstOffset
  for (const { bytes, count } of encoded) {
    bytes.writeBigInt64BE(BigInt(offset), 0)
    offset += count
  }
  return Buffer.concat(encoded.map(({ bytes }) => bytes))
}

describe('encoded messages', () => {
  it('are read by kafkajs and by our decoder as they were, whatever they hold and wherever batches are split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(messageArbitrary, { minLength: 1, maxLength: 300 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(0, 500, 9000, 900_000),
        async (messages, withKeys, transactional, maxBatchBytes) => {
          const encoded = encodeRecordBatches(batchOf(messages, withKeys), { ...OPTIONS, transactional, maxBatchBytes })
          let next = 0
          for (const { bytes, count, firstSequence } of encoded) {
            expect(count === 1 || bytes.length <= maxBatchBytes).toBe(true)
            const read = await decodedByKafkajs(bytes)
            expect(read).toMatchObject({
              ...{ firstOffset: '0', firstSequence: 100 + next, producerId: '4000000000123', producerEpoch: 7 },
              ...{ inTransaction: transactional, isControlBatch: false, lastOffsetDelta: count - 1 },
              ...{ maxTimestamp: '1700000000123' },
            })
            expect(firstSequence).toBe(100 + next)
            expect(read.records.length).toBe(count)
            for (const [i, record] of read.records.entries()) {
              const { value, keyFrom, keyTo, kind } = messages[next++]
              const key = withKeys && keyTo > keyFrom ? value.subarray(keyFrom, keyTo) : null
              expect(record).toMatchObject({ offset: String(i), timestamp: '1700000000123' })
              expect(record.headers).toEqual({ dt: Buffer.from(LETTERS[kind]) })
              expect(record.value === null).toBe(kind === MESSAGE_KIND.end)
              expect(Buffer.compare(record.value ?? Buffer.alloc(0), value)).toBe(0)
              expect(record.key?.toString('hex')).toBe(key?.toString('hex'))
            }
          }
          expect(next).toBe(messages.length)
          const set = { topic: 't', partition: 0, bytes: stored(encoded, 50), from: 50 }
          const decoded = decodeRecordSet(set)
          expect(decoded.nextOffset).toBe(50 + messages.length)
          expect(decoded.batches.every(({ keyedByOrbit, offsets }) => keyedByOrbit && !offsets)).toBe(true)
          expect(decoded.batches.flatMap(messagesOf)).toEqual(
            messages.map(({ value, kind }, i) => ({ offset: 50 + i, value: value.toString(), kind })),
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it('without orbit keys have no header, and are told by their value', async () => {
    const batch = outgoing(0, ['a', '', 'ccc'], { keyedByOrbit: false })
    const [{ bytes }] = encodeRecordBatches(batch, OPTIONS)
    const { records } = await decodedByKafkajs(bytes)
    expect(records.map(({ key, value, headers }) => [key, value?.toString(), headers])).toEqual([
      [null, 'a', {}],
      [null, '', {}],
      [null, 'ccc', {}],
    ])
    const [read] = decodeRecordSet({ topic: 't', partition: 0, bytes, from: 0 }).batches
    expect([read.keyedByOrbit, ...read.kind]).toEqual([false, 0, 0, 0])
  })

  it.each([MESSAGE_KIND.daq, MESSAGE_KIND.end])('that only a mark can tell are refused without it: kind %i', (kind) => {
    const batch = outgoing(0, ['a', ''], { keyedByOrbit: false, kind: Uint8Array.of(MESSAGE_KIND.text, kind) })
    expect(() => encodeRecordBatches(batch, OPTIONS)).toThrow(TypeError)
  })

  it('fill batches up to the size, and one that is larger alone gets its own', () => {
    const values = ['x'.repeat(100), 'y'.repeat(5000), ...Array.from({ length: 100 }, () => 'z'.repeat(60))]
    const encoded = encodeRecordBatches(outgoing(0, values), { ...OPTIONS, maxBatchBytes: 937 })
    // the header; then of each record: its length, attributes and time, offset, no key, value's length, value, mark
    expect(encoded.map(({ count, bytes }) => [count, bytes.length]).slice(0, 4)).toEqual([
      [1, 61 + 2 + 2 + 1 + 1 + 2 + 100 + 6],
      [1, 61 + 2 + 2 + 1 + 1 + 2 + 5000 + 6],
      [12, 61 + 12 * (2 + 2 + 1 + 1 + 1 + 60 + 6)],
      [12, 61 + 12 * (2 + 2 + 1 + 1 + 1 + 60 + 6)],
    ])
    expect(encoded.reduce((sum, { count }) => sum + count, 0)).toBe(102)
  })

  it('of none are no batch', () => {
    expect(encodeRecordBatches(outgoing(0, []), OPTIONS)).toEqual([])
  })

  it('of a producer without id have no sequence numbers', async () => {
    const options = { ...OPTIONS, producerId: -1n, producerEpoch: -1, firstSequence: -1, maxBatchBytes: 0 }
    const encoded = encodeRecordBatches(outgoing(0, ['a', 'b']), options)
    for (const { bytes } of encoded) {
      expect(await decodedByKafkajs(bytes)).toMatchObject({ producerId: '-1', producerEpoch: -1, firstSequence: -1 })
    }
    expect(encoded.length).toBe(2)
  })

  it('have sequence numbers that begin anew after the largest', () => {
    const largest = 2 ** 31 - 1
    expect([0, 1, 2, 3].map((count) => sequenceAfter(largest - 1, count))).toEqual([largest - 1, largest, 0, 1])
    const encoded = encodeRecordBatches(outgoing(0, ['a', 'b', 'c']), {
      ...OPTIONS,
      firstSequence: largest,
      maxBatchBytes: 0,
    })
    expect(encoded.map(({ firstSequence, bytes }) => [firstSequence, bytes.readInt32BE(53)])).toEqual([
      [largest, largest],
      [0, 0],
      [1, 1],
    ])
  })
})

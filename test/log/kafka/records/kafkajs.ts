import { createRequire } from 'node:module'
import { crc32c } from '../../../../src/log/kafka/records/crc.js'

/** kafkajs' own encoder and decoder of record batches, which it doesn't export. */
const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js')
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js')
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder.js')
const Decoder = require('kafkajs/src/protocol/decoder.js')
const Long = require('kafkajs/src/utils/long.js')

export type Headers = Record<string, string | Buffer | (string | Buffer)[]>

export interface TestRecord {
  offsetDelta: number
  value: Buffer | null
  key?: Buffer | null
  headers?: Headers
}

export interface TestBatch {
  baseOffset: number
  records: TestRecord[]
  lastOffsetDelta?: number
  gzip?: boolean
  transactional?: boolean
  control?: boolean
  producerId?: number
  timestampMs?: number
}

const CONTROL_BIT = 0x20

/** A record batch as kafkajs makes it; `control` sets a bit that it never sets. */
export async function encodedByKafkajs(batch: TestBatch): Promise<Buffer> {
  const { baseOffset, records, timestampMs = 1_700_000_000_000, producerId = -1 } = batch
  const encoder = await RecordBatch({
    compression: batch.gzip ? 1 : 0,
    firstOffset: Long.fromValue(baseOffset),
    firstTimestamp: timestampMs,
    maxTimestamp: timestampMs + 5,
    lastOffsetDelta: batch.lastOffsetDelta ?? records.at(-1)?.offsetDelta ?? 0,
    transactional: batch.transactional ?? false,
    producerId: Long.fromValue(producerId),
    records: records.map((record) => encodeRecord({ ...record, timestampDelta: record.offsetDelta % 300 })),
  })
  const bytes: Buffer = Buffer.from(encoder.buffer)
  if (batch.control) bytes[22] |= CONTROL_BIT
  return withChecksum(bytes)
}

/** A transaction's marker, as a coordinator writes it. */
export function marker(baseOffset: number, producerId: number, type: 'abort' | 'commit'): Promise<Buffer> {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1])
  const records = [{ offsetDelta: 0, key, value: Buffer.alloc(6) }]
  return encodedByKafkajs({ baseOffset, producerId, transactional: true, control: true, records })
}

/** Puts the right checksum into a record batch whose bytes were changed. */
export function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

/** A record batch around records that are given as they are stored. */
export function batchAround(stored: Buffer, changes: { codec: number; count: number; baseOffset?: number }): Buffer {
  const header = Buffer.alloc(61)
  header.writeBigInt64BE(BigInt(changes.baseOffset ?? 0), 0)
  header.writeInt32BE(49 + stored.length, 8)
  header[16] = 2
  header.writeInt16BE(changes.codec, 21)
  header.writeInt32BE(Math.max(0, changes.count - 1), 23)
  header.writeBigInt64BE(-1n, 43)
  header.writeInt32BE(changes.count, 57)
  return withChecksum(Buffer.concat([header, stored]))
}

export interface DecodedRecord {
  offset: string
  timestamp: string
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, Buffer>
}

export interface DecodedBatch {
  firstOffset: string
  firstSequence: number
  producerId: string
  producerEpoch: number
  inTransaction: boolean
  isControlBatch: boolean
  lastOffsetDelta: number
  maxTimestamp: string
  records: DecodedRecord[]
}

/** A record batch as kafkajs reads it. */
export async function decodedByKafkajs(bytes: Buffer): Promise<DecodedBatch> {
  // kafkajs has read the magic before and steps back, as here
  return decodeBatch(new Decoder(bytes))
}

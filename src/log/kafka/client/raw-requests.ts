import type { Client } from './client.js'
import { Cursor } from './cursor.js'
import type { Encoder, Protocol } from './internals.js'

/** What is asked of a broker for one partition. */
export interface FetchedPartition {
  topic: string
  partition: number
  offset: number
  /** of the answer; a record batch that alone is larger is sent nevertheless */
  maxBytes: number
}

export interface FetchAnswer {
  topic: string
  partition: number
  /** 0, or a code of the protocol */
  errorCode: number
  /** where the partition ends, with what belongs to transactions that are not ended and is not sent yet */
  highWatermark: number
  /** first offset that is kept */
  startOffset: number
  aborted: { producerId: bigint; firstOffset: bigint }[]
  records: Buffer
}

const READ_COMMITTED = 1
const FETCH_VERSION = 11
const MOST_BYTES = 32 * 1024 * 1024

/**
 * A fetch request whose answer keeps the records as the bytes that they came as. kafkajs makes an object of each.
 * @param maxWaitMs how long the broker may wait for something to come
 */
export function fetchRequest(
  { internals }: Client,
  partitions: readonly FetchedPartition[],
  maxWaitMs: number,
): Protocol<FetchAnswer[]> {
  const topics = partitions.map(({ topic, partition, offset, maxBytes }) => ({
    topic,
    partitions: [{ partition, fetchOffset: offset, maxBytes }],
  }))
  const fetch = internals.requests.Fetch.protocol({ version: FETCH_VERSION })
  const { request } = fetch({
    ...{ replicaId: -1, maxWaitTime: maxWaitMs, minBytes: 1, maxBytes: MOST_BYTES },
    ...{ isolationLevel: READ_COMMITTED, topics },
  })
  const decode = async (payload: Buffer) => {
    const answer = readFetchAnswer(payload)
    if (answer.errorCode !== 0) throw internals.createErrorFromCode(answer.errorCode)
    return answer
  }
  return {
    request,
    response: { decode, parse: async (decoded) => (decoded as { partitions: FetchAnswer[] }).partitions },
  }
}

/** Fetch response, version 11: https://kafka.apache.org/protocol#The_Messages_Fetch */
function readFetchAnswer(payload: Buffer): { errorCode: number; partitions: FetchAnswer[] } {
  const cursor = new Cursor(payload)
  cursor.int32() // throttle time
  const errorCode = cursor.int16()
  cursor.int32() // session
  const topics = cursor.array(() => {
    const topic = cursor.string()
    return cursor.array(() => readPartition(cursor, topic))
  })
  return { errorCode, partitions: topics.flat() }
}

function readPartition(cursor: Cursor, topic: string): FetchAnswer {
  const partition = cursor.int32()
  const errorCode = cursor.int16()
  const highWatermark = Number(cursor.int64())
  cursor.int64() // last stable offset
  const startOffset = Number(cursor.int64())
  const aborted = cursor.array(() => ({ producerId: cursor.int64(), firstOffset: cursor.int64() }))
  cursor.int32() // preferred read replica
  return { topic, partition, errorCode, highWatermark, startOffset, aborted, records: cursor.buffer() }
}

/** Whole record batches for one partition each. */
export interface ProducedPartition {
  topic: string
  partition: number
  records: Uint8Array
}

export interface ProduceAnswer {
  topic: string
  partition: number
  errorCode: number
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' }
const ALL_REPLICAS = -1

/** A produce request of records that are encoded already, in a transaction. */
export function produceRequest(
  { internals: { Encoder } }: Client,
  transactionalId: string,
  partitions: readonly ProducedPartition[],
  timeoutMs: number,
): Protocol<ProduceAnswer[]> {
  const encode = async (): Promise<Encoder> =>
    new Encoder()
      .writeString(transactionalId)
      .writeInt16(ALL_REPLICAS)
      .writeInt32(timeoutMs)
      .writeArray(
        partitions.map(({ topic, partition, records }) =>
          new Encoder()
            .writeString(topic)
            .writeArray([new Encoder().writeInt32(partition).writeInt32(records.length).writeBuffer(records)]),
        ),
      )
  const decode = async (payload: Buffer) => readProduceAnswer(payload)
  return {
    request: { ...PRODUCE, encode },
    response: { decode, parse: async (decoded) => decoded as ProduceAnswer[] },
  }
}

/** Produce response, version 7: https://kafka.apache.org/protocol#The_Messages_Produce */
function readProduceAnswer(payload: Buffer): ProduceAnswer[] {
  const cursor = new Cursor(payload)
  const topics = cursor.array(() => {
    const topic = cursor.string()
    return cursor.array(() => {
      const answer = { topic, partition: cursor.int32(), errorCode: cursor.int16() }
      cursor.int64() // base offset
      cursor.int64() // append time
      cursor.int64() // start offset
      return answer
    })
  })
  return topics.flat()
}

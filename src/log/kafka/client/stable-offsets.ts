import { ExpectedError } from '../../../errors.js'
import type { Client } from './client.js'
import { Cursor } from './cursor.js'
import type { Broker, Encoder, Internals, Protocol } from './internals.js'

export interface Committed {
  topic: string
  partition: number
  /** -1 where there is none */
  offset: number
  metadata: string | null
}

const OFFSET_FETCH = { apiKey: 9, apiVersion: 7, apiName: 'OffsetFetch' }
const NO_TAGS = 0

/** @throws ExpectedError where the broker cannot be asked so */
export function requireStableOffsets({ versions, connectionPool }: Broker): void {
  const known = versions?.[OFFSET_FETCH.apiKey]?.maxVersion ?? 0
  if (known >= OFFSET_FETCH.apiVersion) return
  throw new ExpectedError(
    `the broker ${connectionPool.host}:${connectionPool.port} does not tell for sure what a group has committed`,
    ['Kafka 2.5 or newer does'],
  )
}

/**
 * Asks for what a group has committed; where offsets of a transaction are still pending there, that is an error that may pass.
 * kafkajs knows only an older form of the question, which is answered as if there were no such transaction.
 * @param topics none: all there are
 */
export function stableOffsetsRequest(
  { internals }: Pick<Client, 'internals'>,
  groupId: string,
  topics: readonly { topic: string; partitions: readonly number[] }[],
): Protocol<Committed[]> {
  const encode = async () => encodeRequest(internals, groupId, topics)
  const decode = async (payload: Buffer) => readAnswer(payload)
  const parse = async (decoded: unknown) => {
    const { errorCode, committed } = decoded as ReturnType<typeof readAnswer>
    if (errorCode !== 0) throw internals.createErrorFromCode(errorCode)
    return committed
  }
  return { request: { ...OFFSET_FETCH, encode }, response: { decode, parse } }
}

/** OffsetFetch request, version 7: https://kafka.apache.org/protocol#The_Messages_OffsetFetch */
function encodeRequest(
  { Encoder }: Internals,
  groupId: string,
  topics: readonly { topic: string; partitions: readonly number[] }[],
): Encoder {
  const wanted = topics.map(({ topic, partitions }) =>
    new Encoder()
      .writeUVarIntString(topic)
      .writeUVarIntArray(partitions.map((partition) => new Encoder().writeInt32(partition)))
      .writeUVarInt(NO_TAGS),
  )
  const body = new Encoder().writeUVarInt(NO_TAGS).writeUVarIntString(groupId)
  if (wanted.length > 0) body.writeUVarIntArray(wanted)
  else body.writeUVarInt(0)
  return body.writeBoolean(true).writeUVarInt(NO_TAGS)
}

/** OffsetFetch response, version 7, of which the first error counts. */
function readAnswer(payload: Buffer): { errorCode: number; committed: Committed[] } {
  const cursor = new Cursor(payload)
  cursor.tags()
  cursor.int32() // throttle time
  const codes: number[] = []
  const committed = cursor.compactArray(() => {
    const topic = cursor.compactString() ?? ''
    const partitions = cursor.compactArray(() => {
      const partition = cursor.int32()
      const offset = Number(cursor.int64())
      cursor.int32() // leader's epoch
      const metadata = cursor.compactString()
      codes.push(cursor.int16())
      cursor.tags()
      return { topic, partition, offset, metadata }
    })
    cursor.tags()
    return partitions
  })
  codes.unshift(cursor.int16())
  return { errorCode: codes.find((code) => code !== 0) ?? 0, committed: committed.flat() }
}

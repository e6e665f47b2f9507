import type { Client } from './client.js'
import { Cursor } from './cursor.js'
import type { Broker, Protocol } from './internals.js'

const DESCRIBE_TRANSACTIONS = { apiKey: 65, apiVersion: 0, apiName: 'DescribeTransactions' }
const NO_TAGS = 0
const NO_SUCH_ID = 105

/** Whether a broker can be asked: since Kafka 3.0. */
export function describesTransactions({ versions }: Broker): boolean {
  return versions?.[DESCRIBE_TRANSACTIONS.apiKey] !== undefined
}

/** Asks for the state of a transactional id, as the protocol calls it: `CompleteCommit` and the like; undefined for an unknown id. */
export function describeTransactionRequest(
  { internals }: Pick<Client, 'internals'>,
  id: string,
): Protocol<string | undefined> {
  const { Encoder, createErrorFromCode } = internals
  const encode = async () =>
    new Encoder()
      .writeUVarInt(NO_TAGS)
      .writeUVarIntArray([new Encoder().writeUVarIntString(id)])
      .writeUVarInt(NO_TAGS)
  const decode = async (payload: Buffer) => readAnswer(payload)
  const parse = async (decoded: unknown) => {
    const { errorCode, state } = decoded as ReturnType<typeof readAnswer>
    if (errorCode === NO_SUCH_ID) return undefined
    if (errorCode !== 0) throw createErrorFromCode(errorCode)
    return state
  }
  return { request: { ...DESCRIBE_TRANSACTIONS, encode }, response: { decode, parse } }
}

/** DescribeTransactions response, version 0, of one id: https://kafka.apache.org/protocol#The_Messages_DescribeTransactions */
function readAnswer(payload: Buffer): { errorCode: number; state: string } {
  const cursor = new Cursor(payload)
  cursor.tags()
  cursor.int32() // throttle time
  cursor.uvarint() // one id was asked for, so one is answered
  const errorCode = cursor.int16()
  cursor.compactString()
  return { errorCode, state: cursor.compactString() ?? '' }
}

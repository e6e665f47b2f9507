import type { Client } from '../client/client.js'
import { Cursor } from '../client/cursor.js'
import type { Broker, Protocol } from '../client/internals.js'

/** Bytes of each partition of a topic that a broker has, by partition. */
export type PartitionBytes = Map<number, number>

const DESCRIBE_LOG_DIRS = { apiKey: 35, apiVersion: 1, apiName: 'DescribeLogDirs' }

/** Asks a broker how much it stores: https://kafka.apache.org/protocol#The_Messages_DescribeLogDirs, version 1. */
export function logDirsRequest(
  { internals }: Client,
  topic: string,
  partitions: readonly number[],
): Protocol<PartitionBytes> {
  const { Encoder } = internals
  const encode = async () => {
    const numbers = partitions.map((partition) => new Encoder().writeInt32(partition))
    return new Encoder().writeArray([new Encoder().writeString(topic).writeArray(numbers)])
  }
  const decode = async (payload: Buffer) => readLogDirs(payload)
  return {
    request: { ...DESCRIBE_LOG_DIRS, encode },
    response: { decode, parse: async (decoded) => decoded as PartitionBytes },
  }
}

export async function bytesOn(
  client: Client,
  broker: Broker,
  topic: string,
  partitions: readonly number[],
): Promise<PartitionBytes> {
  return broker.connectionPool.send(logDirsRequest(client, topic, partitions))
}

function readLogDirs(payload: Buffer): PartitionBytes {
  const bytes: PartitionBytes = new Map()
  const cursor = new Cursor(payload)
  cursor.int32() // throttle time
  cursor.array(() => {
    cursor.int16() // error code: what can't be read is left out
    cursor.string() // folder
    cursor.array(() => {
      cursor.string() // topic
      cursor.array(() => {
        const partition = cursor.int32()
        const size = Number(cursor.int64())
        cursor.int64() // how far the copy lags behind
        const isFuture = cursor.int8() !== 0
        if (!isFuture) bytes.set(partition, (bytes.get(partition) ?? 0) + size)
      })
    })
  })
  return bytes
}

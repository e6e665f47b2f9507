import kafkajs from 'kafkajs'
import { plainClient } from '../../../kafka/support/plain-client.js'
import type { Message } from './mixed-messages.js'

const AT_ONCE = 5000

/** Sends messages by a client that is not ours, in their order. */
export async function sendMessages(bootstrap: string, topic: string, messages: readonly Message[]): Promise<void> {
  const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
  const producer = plainClient(bootstrap).producer({ idempotent: true, createPartitioner })
  await producer.connect()
  try {
    for (let at = 0; at < messages.length; at += AT_ONCE)
      await producer.send({ topic, acks: -1, messages: messages.slice(at, at + AT_ONCE) })
  } finally {
    await producer.disconnect()
  }
}

/** Sends messages in a transaction that comes to nothing, as of a producer that is killed. */
export async function sendInVain(bootstrap: string, topic: string, messages: readonly Message[]): Promise<void> {
  const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
  const transactionalId = `in-vain-${topic}`
  const options = { transactionalId, idempotent: true, maxInFlightRequests: 1, createPartitioner }
  const producer = plainClient(bootstrap).producer(options)
  await producer.connect()
  try {
    const transaction = await producer.transaction()
    await transaction.send({ topic, acks: -1, messages: [...messages] })
    await transaction.abort()
  } finally {
    await producer.disconnect()
  }
}

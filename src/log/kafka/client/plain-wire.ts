import type { Client } from './client.js'
import { plainMessages, type ReadBatch, readPlainly } from './plain-decode.js'
import { encodePlainly } from './plain-encode.js'
import { type FetchAnswer, fetchRequest, produceRequest } from './raw-requests.js'
import type { Wire } from './wire.js'

/** kafkajs' own encoder and decoder of records, an object a message: slow, and a way out if something is wrong with ours. */
export function plainWire(client: Client): Wire {
  // kafkajs' decoder makes one wait, and who decodes does not: it is done where the answer comes
  const read = new WeakMap<FetchAnswer, ReadBatch[] | Error>()
  const readRecords = async (answer: FetchAnswer) => {
    read.set(answer, await readPlainly(client.internals, answer).catch((error: Error) => error))
  }
  return {
    async fetch(broker, partitions, maxWaitMs) {
      const answers = await broker.connectionPool.send(fetchRequest(client, partitions, maxWaitMs))
      await Promise.all(answers.map(readRecords))
      return answers
    },
    decode(answer, from) {
      const batches = read.get(answer) ?? []
      if (batches instanceof Error) throw batches
      return plainMessages(batches, answer, from)
    },
    encode: (batch, options) => encodePlainly(client.internals, batch, options),
    produce: (broker, transactionalId, partitions, timeoutMs) =>
      broker.connectionPool.send(produceRequest(client, transactionalId, partitions, timeoutMs)),
  }
}

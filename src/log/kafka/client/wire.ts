import type { MessageBatch } from '../../log.js'
import type { DecodedSet } from '../records/decode.js'
import { decodeRecordSet } from '../records/decode.js'
import type { Client } from './client.js'
import type { Broker } from './internals.js'
import {
  type FetchAnswer,
  type FetchedPartition,
  fetchRequest,
  type ProduceAnswer,
  type ProducedPartition,
  produceRequest,
} from './raw-requests.js'

/** How record batches are fetched, and turned into message batches. */
export interface FetchWire {
  fetch(broker: Broker, partitions: readonly FetchedPartition[], maxWaitMs: number): Promise<FetchAnswer[]>
  /** `from`: the offset that was asked for */
  decode(answer: FetchAnswer, from: number): { batches: MessageBatch[]; nextOffset: number }
}

/** How record batches that are encoded already are sent. */
export interface ProduceWire {
  produce(
    broker: Broker,
    transactionalId: string,
    partitions: readonly ProducedPartition[],
    timeoutMs: number,
  ): Promise<ProduceAnswer[]>
}

/** Columns over the bytes that came, without an object a message. */
export function columnWire(client: Client): FetchWire & ProduceWire {
  return {
    fetch: (broker, partitions, maxWaitMs) => broker.connectionPool.send(fetchRequest(client, partitions, maxWaitMs)),
    decode: ({ topic, partition, records, aborted }, from): DecodedSet =>
      decodeRecordSet({ topic, partition, bytes: records, from, aborted }),
    produce: (broker, transactionalId, partitions, timeoutMs) =>
      broker.connectionPool.send(produceRequest(client, transactionalId, partitions, timeoutMs)),
  }
}

import { EXIT, ExpectedError } from '../../../errors.js'
import type { MessageBatch, OutgoingBatch } from '../../log.js'
import { decodeRecordSet } from '../records/decode.js'
import { type EncodedBatch, type EncodeOptions, encodeRecordBatches } from '../records/encode.js'
import type { Client } from './client.js'
import type { Broker } from './internals.js'
import { plainWire } from './plain-wire.js'
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

/** How message batches are turned into record batches, and these are sent. */
export interface ProduceWire {
  encode(batch: OutgoingBatch, options: EncodeOptions): EncodedBatch[] | Promise<EncodedBatch[]>
  produce(
    broker: Broker,
    transactionalId: string,
    partitions: readonly ProducedPartition[],
    timeoutMs: number,
  ): Promise<ProduceAnswer[]>
}

export type Wire = FetchWire & ProduceWire

/** Columns over the bytes that came, without an object a message. */
export function columnWire(client: Client): Wire {
  return {
    fetch: (broker, partitions, maxWaitMs) => broker.connectionPool.send(fetchRequest(client, partitions, maxWaitMs)),
    decode: ({ topic, partition, records, aborted }, from) =>
      decodeRecordSet({ topic, partition, bytes: records, from, aborted }),
    encode: encodeRecordBatches,
    produce: (broker, transactionalId, partitions, timeoutMs) =>
      broker.connectionPool.send(produceRequest(client, transactionalId, partitions, timeoutMs)),
  }
}

const WIRES = { columns: columnWire, plain: plainWire }
const VARIABLE = 'DTSTREAM_KAFKA_WIRE'

/**
 * The wire of columns, unless the environment wants the plain one.
 * @throws ExpectedError where it wants another
 */
export function wireFor(client: Client, env: Readonly<Record<string, string | undefined>>): Wire {
  const wanted = env[VARIABLE] || 'columns'
  if (wanted === 'columns' || wanted === 'plain') return WIRES[wanted](client)
  throw new ExpectedError(
    `${VARIABLE} is ${wanted}, and there is no such wire`,
    [`${VARIABLE}=plain, or leave it away`],
    EXIT.usage,
  )
}

import { ExpectedError } from '../errors.js'
import type { MessageBatch, PartitionReader } from './log.js'

/** What a log says it holds must come within this time, ms: brokers that are restarted are back by then. */
const LONGEST_WAIT_MS = 30_000

/** Where a reader is, in a partition that goes on there. */
export interface PromisedPlace {
  topic: string
  partition: number
  offset: number
}

/**
 * The next batch of a partition that goes on behind `offset`, as its offsets say: silence is no end there.
 * @throws ExpectedError where nothing comes
 */
export async function nextPromised(reader: PartitionReader, place: PromisedPlace): Promise<MessageBatch> {
  const batch = await reader.next(LONGEST_WAIT_MS)
  if (batch) return batch
  const { topic, partition, offset } = place
  throw new ExpectedError(
    `${topic}/${partition} goes on at offset ${offset}, but nothing came for ${LONGEST_WAIT_MS / 1000} s`,
    [
      'check that the brokers run and can be reached, and try again',
      'a transaction that was left open there holds back what is behind it until it times out',
    ],
  )
}

import type { Cluster, Internals } from '../client/internals.js'
import type { FetchedPartition } from '../client/raw-requests.js'
import type { FetchWire } from '../client/wire.js'
import type { TopicState } from './directory.js'

const SAMPLE_BYTES = 1024 * 1024
/** A partition ends with what ends a transaction, and what is before that is a message. */
const FROM_END = 2
const NO_WAIT_MS = 0
const NOT_AUTHORISED = 29

/**
 * Whether the first messages and the last ones of each partition bear the mark of a producer that puts all rows of an orbit
 * into one partition; so does an empty topic. Nobody can know of all messages without reading them: whoever does must look.
 */
export async function isKeyedByOrbit(
  { createErrorFromCode }: Internals,
  cluster: Cluster,
  wire: FetchWire,
  topic: string,
  { brokers, offsets }: TopicState,
): Promise<boolean> {
  const samples = new Map<number, FetchedPartition[]>()
  for (const [partition, { start, end }] of offsets.entries()) {
    if (end === start) continue
    const { leader } = brokers[partition]
    const asked = samples.get(leader) ?? []
    for (const offset of new Set([start, Math.max(start, end - FROM_END)]))
      asked.push({ topic, partition, offset, maxBytes: SAMPLE_BYTES })
    samples.set(leader, asked)
  }
  for (const [nodeId, asked] of samples) {
    const broker = await cluster.findBroker({ nodeId })
    for (const one of asked) {
      const [answer] = await wire.fetch(broker, [one], NO_WAIT_MS)
      if (answer?.errorCode === NOT_AUTHORISED) throw createErrorFromCode(NOT_AUTHORISED)
      if (answer?.errorCode !== 0) continue
      if (!wire.decode(answer, one.offset).batches.every(({ keyedByOrbit }) => keyedByOrbit)) return false
    }
  }
  return true
}

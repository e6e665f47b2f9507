import type { Cluster } from '../client/internals.js'

export interface Committed {
  topic: string
  partition: number
  /** -1 where there is none */
  offset: number
  metadata: string | null
}

/**
 * What a group has committed, without what belongs to a transaction that has not ended: for partitions of a topic, or, where
 * none are named, for all there are; by partition.
 */
export async function committedBy(
  cluster: Cluster,
  groupId: string,
  wanted?: { topic: string; partitions: readonly number[] },
): Promise<Committed[]> {
  await cluster.connect()
  await cluster.refreshMetadataIfNecessary()
  const coordinator = await cluster.findGroupCoordinator({ groupId })
  const partitions = (wanted?.partitions ?? []).map((partition) => ({ partition }))
  const topics = wanted ? [{ topic: wanted.topic, partitions }] : []
  const { responses } = await coordinator.offsetFetch({ groupId, topics })
  const committed = responses.flatMap((one) =>
    one.partitions.map(({ partition, offset, metadata }) => ({
      topic: one.topic,
      partition,
      offset: Number(offset),
      metadata,
    })),
  )
  return committed.sort((a, b) => a.partition - b.partition)
}

import type { Client } from '../client/client.js'
import type { Cluster } from '../client/internals.js'
import { type Committed, requireStableOffsets, stableOffsetsRequest } from '../client/stable-offsets.js'

/**
 * What a group has committed, without what belongs to a transaction that has not ended: for partitions of a topic, or, where
 * none are named, for all there are; by partition.
 */
export async function committedBy(
  client: Pick<Client, 'internals'>,
  cluster: Cluster,
  groupId: string,
  wanted?: { topic: string; partitions: readonly number[] },
): Promise<Committed[]> {
  await cluster.connect()
  await cluster.refreshMetadataIfNecessary()
  const coordinator = await cluster.findGroupCoordinator({ groupId })
  requireStableOffsets(coordinator)
  const request = stableOffsetsRequest(client, groupId, wanted ? [wanted] : [])
  const committed = await coordinator.connectionPool.send(request)
  return committed.sort((a, b) => a.partition - b.partition)
}

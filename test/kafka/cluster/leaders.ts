import type { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'

/** The number of the broker that leads a partition now. */
export async function leaderOf(kafka: LocalKafka, topic: string, partition: number): Promise<number> {
  const { topics } = await withAdmin(plainClient(kafka.bootstrap), (admin) =>
    admin.fetchTopicMetadata({ topics: [topic] }),
  )
  const found = topics[0].partitions.find(({ partitionId }) => partitionId === partition)
  if (!found) throw new Error(`${topic} has no partition ${partition}`)
  return found.leader
}

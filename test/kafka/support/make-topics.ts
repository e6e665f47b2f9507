import { plainClient, withAdmin } from './plain-client.js'

/** Makes data_raw with so many partitions, and data_clean. */
export async function makeTopics(bootstrap: string, partitions: number): Promise<void> {
  const topics = [
    { topic: 'data_raw', numPartitions: partitions },
    { topic: 'data_clean', numPartitions: 1 },
  ]
  await withAdmin(plainClient(bootstrap), (admin) => admin.createTopics({ topics, waitForLeaders: true }))
}

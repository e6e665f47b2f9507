import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { plainClient, withAdmin } from './plain-client.js'

const LOOK_EVERY_MS = 100
const LONGEST_MS = 30_000

/** Makes data_raw with so many partitions, and data_clean. */
export async function makeTopics(bootstrap: string, partitions: number): Promise<void> {
  const topics = [
    { topic: 'data_raw', numPartitions: partitions },
    { topic: 'data_clean', numPartitions: 1 },
  ]
  await withAdmin(plainClient(bootstrap), async (admin) => {
    // its own waiting for leaders ends with the first broker that has not heard of a topic
    await admin.createTopics({ topics, waitForLeaders: false })
    const names = topics.map(({ topic }) => topic)
    for (const end = performance.now() + LONGEST_MS; !(await haveLeaders(admin, names)); await sleep(LOOK_EVERY_MS))
      if (performance.now() > end) throw new Error(`${names} have no leaders after ${LONGEST_MS / 1000} s`)
  })
}

async function haveLeaders(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names })
    return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))
  } catch {
    return false
  }
}

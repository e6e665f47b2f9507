import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalKafka } from './local-kafka.js'

describe('one broker', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await LocalKafka.start()
  })
  afterAll(() => kafka.stop())

  it('keeps its topics through a kill -9 and a shutdown', async () => {
    await withAdmin(kafka, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 10 }] }))
    await kafka.kill(1)
    expect(kafka.nodes[0]?.running).toBe(false)
    await kafka.restart(1)
    await kafka.terminate(1)
    await kafka.restart(1)
    const found = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: ['kept'] }))
    expect(found.topics[0]?.partitions).toHaveLength(10)
  })
})

async function withAdmin<T>(kafka: LocalKafka, work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

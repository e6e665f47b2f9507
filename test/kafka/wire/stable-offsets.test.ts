import { afterAll, beforeAll, expect, it } from 'vitest'
import { Client } from '../../../src/log/kafka/client/client.js'
import type { Cluster } from '../../../src/log/kafka/client/internals.js'
import { requireStableOffsets, stableOffsetsRequest } from '../../../src/log/kafka/client/stable-offsets.js'
import { LocalKafka } from '../support/local-kafka.js'

let kafka: LocalKafka
let client: Client
let cluster: Cluster
beforeAll(async () => {
  kafka = await LocalKafka.start()
  client = new Client({ brokers: kafka.bootstrap.split(','), clientId: 'test' })
  cluster = client.cluster()
  await cluster.connect()
  await cluster.refreshMetadata()
  const admin = client.admin()
  await admin.connect()
  const topics = ['first', 'second'].map((topic) => ({ topic, numPartitions: 3 }))
  await admin.createTopics({ topics, waitForLeaders: true })
  const at = (partition: number, offset: string, metadata: string | null) => ({ partition, offset, metadata })
  await admin.setOffsets({
    groupId: 'µ',
    topic: 'first',
    partitions: [at(0, '0', null), at(2, '9007199254740991', '')],
  })
  await admin.setOffsets({ groupId: 'µ', topic: 'second', partitions: [at(1, '7', 'é'.repeat(2000))] })
  await admin.disconnect()
})
afterAll(async () => {
  await cluster?.disconnect()
  await kafka?.stop()
})

const FIRST = { topic: 'first', partitions: [0, 1, 2] }
const SECOND = { topic: 'second', partitions: [1] }

it.each([
  ['of partitions of a topic', 'µ', [FIRST]],
  ['of several topics', 'µ', [FIRST, SECOND]],
  ['of all topics', 'µ', []],
  ['of a group that there is not', 'nobody', [FIRST]],
])('stable offsets are what kafkajs reads: %s', async (_what, groupId, topics) => {
  const coordinator = await cluster.findGroupCoordinator({ groupId })
  expect(() => requireStableOffsets(coordinator)).not.toThrow()
  const old = { ...coordinator, versions: { 9: { minVersion: 1, maxVersion: 6 } } }
  expect(() => requireStableOffsets(old as typeof coordinator)).toThrow(
    'does not tell for sure what a group has committed',
  )
  const stable = await coordinator.connectionPool.send(stableOffsetsRequest(client, groupId, topics))
  const { responses } = await coordinator.offsetFetch({
    groupId,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((partition) => ({ partition })),
    })),
  })
  const plain = responses.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset, metadata }) => ({ topic, partition, offset: Number(offset), metadata })),
  )
  const byPlace = (a: (typeof plain)[0], b: (typeof plain)[0]) =>
    a.topic.localeCompare(b.topic) || a.partition - b.partition
  expect(stable.sort(byPlace)).toEqual(plain.sort(byPlace))
  expect(stable.filter(({ offset }) => offset >= 0)).toHaveLength(groupId === 'µ' ? (topics.length === 1 ? 2 : 3) : 0)
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { PartitionAssigner } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadKafkaJs } from '../../../src/log/kafka/client/kafkajs.js'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import { stickyAssigner } from '../../../src/log/kafka/lanes/assigner.js'
import { LocalKafka } from '../support/local-kafka.js'
import { makeTopics } from '../support/make-topics.js'
import { plainClient, withAdmin } from '../support/plain-client.js'

const GROUP = 'dtstream'
const PARTITIONS = 4

let kafka: LocalKafka
beforeAll(async () => {
  kafka = await LocalKafka.start()
  await makeTopics(kafka.bootstrap, PARTITIONS)
})
afterAll(() => kafka?.stop())

it('a member waits for a leader that dies while it shares the lanes out, and leaves no ghost of itself', async () => {
  const { shared, consumer } = await joinLeaderThatHangs()
  const log = await openKafkaLog({ brokers: kafka.bootstrap.split(','), clientId: 'test' }, { onNotice: () => {} })
  try {
    const lanes: number[] = []
    await shared
    const member = 'ours'
    const onLane = ({ partition }: { partition: number }) => void lanes.push(partition)
    const joined = log.joinGroup({ group: GROUP, topic: 'data_raw', member, whole: false, onLane, onWaiting: () => {} })
    const ids = new Set<string>()
    await withAdmin(plainClient(kafka.bootstrap), async (admin) => {
      for (; lanes.length < PARTITIONS; await sleep(100)) {
        const { groups } = await admin.describeGroups([GROUP])
        for (const { clientId, memberId } of groups[0].members) if (clientId === member) ids.add(memberId)
      }
    })
    await joined
    expect(ids.size).toBe(1)
  } finally {
    await log.close()
    // it waits for its share for ever
    consumer.disconnect().catch(() => undefined)
  }
})

/** A member alone, and so the leader, that does not come back from sharing out for the second time. */
async function joinLeaderThatHangs() {
  let calls = 0
  const assigner: PartitionAssigner = (config) => {
    const sticky = stickyAssigner(loadKafkaJs(), { whole: false, owned: () => [] })(config)
    return { ...sticky, assign: (group) => (++calls > 1 ? new Promise(() => {}) : sticky.assign(group)) }
  }
  const sessions = { sessionTimeout: 6000, rebalanceTimeout: 10_000, heartbeatInterval: 300 }
  const consumer = plainClient(kafka.bootstrap, { clientId: 'hangs' }).consumer({
    ...{ groupId: GROUP, partitionAssigners: [assigner], maxWaitTimeInMs: 100, ...sessions },
  })
  const shared = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['data_raw'] })
  await consumer.run({ autoCommit: false, eachBatch: async () => {} })
  return { consumer, shared }
}

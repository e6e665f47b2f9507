import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import type { HeldLane, Log } from '../../../src/log/log.js'
import { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'
import { leaderOf } from './leaders.js'

const GROUP = 'steady'
const PARTITIONS = 4
/** Of __consumer_offsets, as the brokers of tests have it. */
const COORDINATING_PARTITIONS = 3
/** Longer than a member may be silent: with the new coordinator, it must have been heard. */
const SESSION_AND_MORE_MS = 15_000

let kafka: LocalKafka
let log: Log

beforeAll(async () => {
  kafka = await LocalKafka.start({ brokers: 3 })
  log = await openKafkaLog({ brokers: kafka.bootstrap.split(','), clientId: 'test' }, { onNotice: () => {} })
})

afterAll(async () => {
  await log?.close()
  await kafka?.stop()
})

it('a member stays the same, and keeps its lanes, when the coordinator dies', async () => {
  await log.createTopic({ name: 'data_raw', partitions: PARTITIONS })
  const lanes: HeldLane[] = []
  const options = { group: GROUP, topic: 'data_raw', whole: false, member: 'the test', onWaiting: () => {} }
  await log.joinGroup({ ...options, onLane: (lane) => lanes.push(lane) })
  await expect.poll(() => lanes.length, { timeout: 20_000 }).toBe(PARTITIONS)
  const before = await members()
  const coordinator = await leaderOf(kafka, '__consumer_offsets', coordinatingPartition(GROUP))
  await kafka.kill(coordinator)
  await expect.poll(() => members().catch(() => []), { timeout: 30_000 }).toEqual(before)
  await sleep(SESSION_AND_MORE_MS)
  expect(await members()).toEqual(before)
  expect(lanes.length).toBe(PARTITIONS)
  expect(lanes.some(({ lost }) => lost.aborted)).toBe(false)
}, 120_000)

/** Ids, as long as the group is settled. */
async function members(): Promise<string[]> {
  const { groups } = await withAdmin(plainClient(kafka.bootstrap), (admin) => admin.describeGroups([GROUP]))
  return groups[0].state === 'Stable' ? groups[0].members.map(({ memberId }) => memberId) : []
}

/** By the hash of its name, as Java has it. */
function coordinatingPartition(group: string): number {
  let hash = 0
  for (const letter of group) hash = (31 * hash + letter.charCodeAt(0)) | 0
  return Math.abs(hash) % COORDINATING_PARTITIONS
}

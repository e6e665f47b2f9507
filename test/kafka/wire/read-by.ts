import { spawnSync } from 'node:child_process'
import type { Kafka } from 'kafkajs'
import type { Client } from '../../../src/log/kafka/client/client.js'
import type { Cluster } from '../../../src/log/kafka/client/internals.js'
import type { Wire } from '../../../src/log/kafka/client/wire.js'
import { messagesOf } from '../../log/messages.js'

/** What every reader tells of a message; null and empty values are the same to ours. */
export interface Seen {
  offset: number
  value: string
}

export interface SeenByUs extends Seen {
  kind: number
  keyedByOrbit: boolean
}

/** Small, so that answers end within record batches. */
const ANSWER_BYTES = 700

/** Reads partition 0 to the end of what is committed. */
export async function readByWire(cluster: Cluster, wire: Wire, topic: string, from: number): Promise<SeenByUs[]> {
  await cluster.connect()
  await cluster.addTargetTopic(topic)
  const [{ leader }] = cluster.findTopicPartitionMetadata(topic)
  const broker = await cluster.findBroker({ nodeId: leader })
  const seen: SeenByUs[] = []
  for (let offset = from; ; ) {
    const [answer] = await wire.fetch(broker, [{ topic, partition: 0, offset, maxBytes: ANSWER_BYTES }], 0)
    if (answer.errorCode !== 0) throw new Error(`the broker answers ${answer.errorCode}`)
    const { batches, nextOffset } = wire.decode(answer, offset)
    for (const batch of batches) {
      const { keyedByOrbit } = batch
      seen.push(...messagesOf(batch).map((message) => ({ ...message, keyedByOrbit })))
    }
    // what belongs to a transaction that has not ended is not sent
    if (answer.records.length === 0) return seen
    if (nextOffset === offset) throw new Error(`reading stands still at ${offset}`)
    offset = nextOffset
  }
}

/** Reads partition 0 from each offset in turn up to `last`, by kafkajs' own consumer. */
export async function readByKafkajs(kafka: Kafka, topic: string, offsets: number[], last: number): Promise<Seen[][]> {
  const consumer = kafka.consumer({ groupId: `plain-${topic}`, maxWaitTimeInMs: 50, allowAutoTopicCreation: false })
  let seen: Seen[] = []
  let from = Number.POSITIVE_INFINITY
  let done = () => {}
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const isIn = new Promise((resolve) => consumer.on('consumer.group_join', resolve))
  await consumer.run({
    autoCommit: false,
    // what was fetched before a seek may still come
    eachMessage: async ({ message }) => {
      const offset = Number(message.offset)
      if (offset >= from && offset > (seen.at(-1)?.offset ?? -1)) seen.push({ offset, value: `${message.value ?? ''}` })
      if (offset === last) done()
    },
  })
  await isIn
  const all: Seen[][] = []
  for (from of offsets) {
    seen = []
    const isDone = new Promise<void>((resolve) => {
      done = resolve
    })
    consumer.seek({ topic, partition: 0, offset: String(from) })
    await isDone
    all.push(seen)
  }
  await consumer.disconnect()
  return all
}

/** Reads partition 0 to the end of what is committed, by kcat. */
export function readByKcat(bootstrap: string, topic: string, from: number): Seen[] {
  const range = ['-p', '0', '-o', `${from}`, '-e', '-q', '-X', 'isolation.level=read_committed']
  const { status, stdout, stderr } = spawnSync('kcat', ['-b', bootstrap, '-C', '-t', topic, ...range, '-f', '%o %s\n'])
  if (status !== 0) throw new Error(`kcat: ${stderr}`)
  const lines = `${stdout}`.split('\n').slice(0, -1)
  return lines.map((line) => ({
    offset: Number(line.slice(0, line.indexOf(' '))),
    value: line.slice(line.indexOf(' ') + 1),
  }))
}

/** First offset and the one after the last. */
export async function offsetsOf(client: Client, topic: string): Promise<{ start: number; end: number }> {
  const admin = client.admin()
  await admin.connect()
  const [{ low, high }] = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return { start: Number(low), end: Number(high) }
}

export const bare = ({ offset, value }: Seen): Seen => ({ offset, value })

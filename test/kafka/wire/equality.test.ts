import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { CompressionTypes, type Kafka, type Message } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../../src/log/kafka/client/client.js'
import type { Cluster } from '../../../src/log/kafka/client/internals.js'
import { plainWire } from '../../../src/log/kafka/client/plain-wire.js'
import { columnWire, type Wire } from '../../../src/log/kafka/client/wire.js'
import { MESSAGE_KIND } from '../../../src/log/log.js'
import { seeded } from '../../support/built-cli.js'
import { haveKcat, KCAT_MISSING, kcatProduce } from '../support/kcat.js'
import { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'
import { bare, offsetsOf, readByKafkajs, readByKcat, readByWire, type SeenByUs } from './read-by.js'

let kafka: LocalKafka
let plain: Kafka
let client: Client
let cluster: Cluster
let columns: Wire
let objects: Wire

beforeAll(async () => {
  kafka = await LocalKafka.start({ properties: { 'log.cleaner.backoff.ms': '200' } })
  plain = plainClient(kafka.bootstrap)
  client = new Client({ brokers: kafka.bootstrap.split(','), clientId: 'test' })
  cluster = client.cluster()
  columns = columnWire(client)
  objects = plainWire(client)
})
afterAll(async () => {
  await cluster?.disconnect()
  await kafka?.stop()
})

const missing = !haveKcat()
beforeEach(({ skip }) => skip(missing, KCAT_MISSING))

describe('the wire of columns, the plain one, and other clients see the same', () => {
  it('of keys, headers, values that are missing, and gzip, from every offset on', async () => {
    const topic = 'plain'
    await create(topic)
    await produce(topic, ordinary('a'))
    await produce(topic, ordinary('b'), CompressionTypes.GZIP)
    await produce(topic, [{ key: 'only', value: 'one' }])
    await produce(topic, marked())
    await produce(topic, ordinary('c'), CompressionTypes.GZIP)
    const all = await agreed(topic)
    expect(all).toHaveLength(3 * ordinary('').length + 1 + marked().length)
    const offsets = all.map(({ offset }) => offset)
    const byKafkajs = await readByKafkajs(plain, topic, offsets, offsets.at(-1) ?? 0)
    for (const [i, seen] of byKafkajs.entries()) expect(seen).toEqual(all.slice(i).map(bare))
    const kinds = all.filter(({ value }) => value.startsWith('marked')).map(({ kind }) => kind)
    expect(kinds).toEqual([MESSAGE_KIND.text, MESSAGE_KIND.arrow, MESSAGE_KIND.daq, MESSAGE_KIND.text])
    expect(all.filter(({ kind }) => kind === MESSAGE_KIND.end)).toHaveLength(1)
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('of %s by librdkafka', async (codec) => {
    const topic = `by-${codec}`
    await create(topic)
    for (const part of ['a', 'b', 'c']) {
      const lines = Array.from({ length: 30 }, (_, i) => `${part} ${i} ${'x'.repeat((7 * i) % 90)}`)
      await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { text: lines.join('\n') }, codec })
    }
    expect(await agreed(topic)).toHaveLength(90)
  })

  it.each([1, 2, 3])('of transactions that were committed, aborted and interleaved (seed %i)', async (seed) => {
    const topic = `transactions-${seed}`
    await create(topic)
    const committed = await interleaved(topic, seeded(seed))
    const all = await agreed(topic)
    expect(all.map(({ value }) => value).sort()).toEqual(committed.sort())
  })

  it('of a topic up to a transaction that has not ended, and then beyond', async () => {
    const topic = 'open'
    await create(topic)
    const producer = await transactional('open')
    await produce(topic, [{ value: 'before' }])
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'within' }] })
    await produce(topic, [{ value: 'behind' }])
    expect((await agreed(topic)).map(({ value }) => value)).toEqual(['before'])
    await transaction.abort()
    expect((await agreed(topic)).map(({ value }) => value)).toEqual(['before', 'behind'])
    await producer.disconnect()
  })

  it('of a compacted topic with holes, also where whole transactions and batches are gone', async () => {
    const topic = 'compacted'
    await create(topic, { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01', 'segment.ms': '300' })
    const random = seeded(4)
    for (let round = 0; round < 6; round++) {
      await produce(topic, keyed(round, random), round % 2 ? CompressionTypes.GZIP : CompressionTypes.None)
      await interleaved(topic, random)
    }
    const { end } = await offsetsOf(client, topic)
    await untilCompacted(topic, end)
    const all = await agreed(topic)
    const steps = all.map(({ offset }, i) => offset - (all[i - 1]?.offset ?? -1))
    expect(Math.max(...steps)).toBeGreaterThan(5)
  })
})

/** Messages as producers of all sorts send them. */
function ordinary(name: string): Message[] {
  return [
    { value: `${name} without a key` },
    { key: 'k', value: `${name} with a key` },
    { key: Buffer.alloc(4), value: `${name} with four zero bytes for a key` },
    { key: 'k', value: null },
    { value: '' },
    { value: `${name} with headers`, headers: { a: 'x', b: ['y', 'z'], c: '' } },
    { key: 'k', value: `${name} with a header like ours`, headers: { dt: 'too long' } },
    { key: 'k', value: `${name} long ${'x'.repeat(900)}` },
  ]
}

/** Ours among other headers, ours with a value that it does not go with, and an end mark. */
function marked(): Message[] {
  return [
    { value: 'marked', headers: { dt: 't' } },
    { value: 'marked', headers: { trace: '1', dt: 'a' } },
    { value: 'marked', headers: { dt: ['no', 'd'], trace: '1' } },
    { value: 'marked', headers: { dt: 'e' } },
    { value: null, headers: { dt: 'e' } },
  ]
}

function keyed(round: number, random: () => number): Message[] {
  return Array.from({ length: 20 }, (_, i) => {
    return { key: `key ${Math.floor(random() * 8)}`, value: `round ${round}, ${i}` }
  })
}

async function create(topic: string, settings: Record<string, string> = {}): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await withAdmin(plain, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] }))
}

const createPartitioner = kafkajs.Partitioners.DefaultPartitioner

/** One record batch. */
async function produce(topic: string, messages: Message[], compression = CompressionTypes.None): Promise<void> {
  const producer = plain.producer({ allowAutoTopicCreation: false, createPartitioner })
  await producer.connect()
  await producer.send({ topic, messages, compression })
  await producer.disconnect()
}

async function transactional(id: string) {
  const options = { transactionalId: `test-${id}`, maxInFlightRequests: 1, createPartitioner }
  const producer = plain.producer(options)
  await producer.connect()
  return producer
}

/** Four producers whose transactions overlap, each committed or aborted in the end; the values that were committed. */
async function interleaved(topic: string, random: () => number): Promise<string[]> {
  const producers = await Promise.all([1, 2, 3, 4].map((number) => transactional(`${topic}-${number}`)))
  const open = new Map<number, { transaction: Awaited<ReturnType<typeof begin>>; values: string[] }>()
  const begin = (number: number) => producers[number].transaction()
  const committed: string[] = []
  const end = async (number: number) => {
    const { transaction, values } = open.get(number) ?? { values: [] }
    open.delete(number)
    if (random() < 0.5) await transaction?.abort()
    else {
      await transaction?.commit()
      committed.push(...values)
    }
  }
  for (let step = 0; step < 40; step++) {
    const number = Math.floor(random() * producers.length)
    if (random() < 0.3) await end(number)
    const { transaction, values } = open.get(number) ?? { transaction: await begin(number), values: [] }
    open.set(number, { transaction, values })
    const sent = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => `step ${step}, ${i}`)
    const compression = random() < 0.3 ? CompressionTypes.GZIP : CompressionTypes.None
    const key = `key ${Math.floor(random() * 3)}`
    await transaction.send({ topic, messages: sent.map((value) => ({ key, value })), compression })
    values.push(...sent)
  }
  for (const number of [...open.keys()]) await end(number)
  await Promise.all(producers.map((producer) => producer.disconnect()))
  return committed
}

/** All messages, which both wires see alike from every offset on, and kcat from some. */
async function agreed(topic: string): Promise<SeenByUs[]> {
  const { start, end } = await offsetsOf(client, topic)
  const all = await readByWire(cluster, columns, topic, start)
  for (let from = start; from <= end; from++) {
    const rest = all.filter(({ offset }) => offset >= from)
    // a batch that is begun within is keyed by orbit where the rest of it is
    expect((await readByWire(cluster, columns, topic, from)).map(bare), `columns from ${from}`).toEqual(rest.map(bare))
    const byObjects = await readByWire(cluster, objects, topic, from)
    expect(byObjects, `plain from ${from}`).toEqual(await readByWire(cluster, columns, topic, from))
  }
  for (const from of [start, Math.floor((start + end) / 3), Math.floor((2 * (start + end)) / 3)])
    expect(readByKcat(kafka.bootstrap, topic, from), `kcat from ${from}`).toEqual(
      all.filter(({ offset }) => offset >= from).map(bare),
    )
  return all
}

/** Segments are rolled by what is written later: a little of it, until the cleaner has been there; then it is told to stay away. */
async function untilCompacted(topic: string, end: number): Promise<void> {
  for (let tries = 0; (await countOf(topic, end)) > end / 4; tries++) {
    if (tries === 100) throw new Error(`${topic} was not compacted`)
    await produce(topic, [{ key: 'later', value: `${tries}` }])
    await sleep(300)
  }
  const configEntries = [{ name: 'cleanup.policy', value: 'delete' }]
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }
  await withAdmin(plain, (admin) => admin.alterConfigs({ validateOnly: false, resources: [resource] }))
  // it may be in the midst of its work
  for (let before = -1, now = await countOf(topic); before !== now; now = await countOf(topic)) {
    before = now
    await sleep(1000)
  }
}

/** Messages before an offset. */
async function countOf(topic: string, end = Number.POSITIVE_INFINITY): Promise<number> {
  return (await readByWire(cluster, columns, topic, 0)).filter(({ offset }) => offset < end).length
}

import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { MALFORMED } from '../../fixtures/hostile/malformed.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { denseRows, type StreamRow, seeded, stream } from '../../support/stream.js'
import { LocalSpark } from '../support/local-spark.js'
import { JobStage, PARTITIONS } from './support/job-stage.js'
import { endMarks, type Message, mixedMessages } from './support/mixed-messages.js'
import { sendInVain, sendMessages } from './support/send-messages.js'

let spark: LocalSpark
let kafka: LocalKafka
beforeAll(async () => {
  ;[spark, kafka] = await Promise.all([LocalSpark.start(), LocalKafka.start()])
})
afterAll(() => Promise.all([spark?.stop(), kafka?.stop()]))

async function stageFor(group: string): Promise<JobStage> {
  const stage = await JobStage.set({ kafka, spark, group })
  onTestFinished(() => stage.strike())
  return stage
}

async function expectExact(stage: JobStage, records: readonly string[]): Promise<void> {
  const job = stage.process()
  await stage.untilAll(records, job)
  await job.interrupt()
  expect(await stage.wrong(records)).toEqual([])
}

/** The job ends by itself when the second rows come, as results would not be those of the rows any more. */
async function expectRefused(stage: JobStage, [first, second]: Message[][], sentence: RegExp): Promise<void> {
  await sendMessages(kafka.bootstrap, stage.raw, first)
  const job = stage.process('--no-progress')
  await stage.untilRows(first.length, job)
  await sendMessages(kafka.bootstrap, stage.raw, second)
  const { code, stderr } = await job.ended
  expect(stderr.replaceAll(/\s+›?\s*/g, ' ')).toMatch(sentence)
  expect(code).toBe(1)
  expect(stage.entry).toBeUndefined()
  const { verdict, pending } = await stage.audit()
  expect(verdict === 'exact' && pending === 0).toBe(false)
}

/** Rows in the order of their orbits, each orbit in the partition that its number says. */
function keyed(rows: readonly StreamRow[]): Message[] {
  return rows.map(({ text, orbit }) => ({ partition: orbit % PARTITIONS, value: Buffer.from(text) }))
}

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

it('is exact, window for window, of rows, lines and raw words in one topic, malformed ones among them', async () => {
  console.log(`messages of all forms: SEED=${SEED}`)
  const stage = await stageFor('mixed')
  const random = seeded(SEED)
  const malformed = MALFORMED.flatMap(({ records }) => records.map(([, text]) => text)).filter(
    (text) => !/[\r\n]/.test(text),
  )
  const byPartition: string[][] = Array.from({ length: PARTITIONS }, () => [])
  for (const { text, at } of denseRows(SEED, 6000, 1_000_000)) {
    const partition = byPartition[at % PARTITIONS]
    partition.push(text)
    const bad = random() < 0.02 ? malformed[Math.floor(random() * malformed.length)] : undefined
    if (bad !== undefined) partition.push(bad.replace('ORBIT', String(at)))
  }
  const messages: Message[] = byPartition.flatMap((records, partition) => mixedMessages(records, partition, random))
  await sendMessages(kafka.bootstrap, stage.raw, [...messages, ...endMarks(PARTITIONS)])
  await expectExact(stage, byPartition.flat())
})

it('is exact of a topic whose rows are in whatever partition', async () => {
  const stage = await stageFor('unkeyed')
  const records = denseRows(SEED, 4000, 5_000_000).map(({ text }) => text)
  const messages = records.map((text, i) => ({ partition: i % PARTITIONS, value: Buffer.from(text) }))
  await sendMessages(kafka.bootstrap, stage.raw, [...messages, ...endMarks(PARTITIONS)])
  await expectExact(stage, records)
})

it('counts no rows of a transaction that was aborted', async () => {
  const stage = await stageFor('aborted')
  const rows = stream({ seed: SEED, orbits: 1000, start: 5_000_000, mostApart: 300 })
  const messages = keyed(rows)
  await sendMessages(kafka.bootstrap, stage.raw, messages.slice(0, 300))
  await sendInVain(kafka.bootstrap, stage.raw, messages.slice(300, 600))
  await sendMessages(kafka.bootstrap, stage.raw, [...messages.slice(300), ...endMarks(PARTITIONS)])
  await expectExact(
    stage,
    rows.map(({ text }) => text),
  )
})

it('is exact through the wrap of the orbit counter at 2^32', async () => {
  const stage = await stageFor('wrapped')
  const rows = stream({ seed: SEED, orbits: 4000, start: 2 ** 32 - 300_000, mostApart: 300 })
  expect(rows.at(-1)?.orbit).toBeLessThan(2 ** 31)
  await sendMessages(kafka.bootstrap, stage.raw, [...keyed(rows), ...endMarks(PARTITIONS)])
  await expectExact(
    stage,
    rows.map(({ text }) => text),
  )
})

it('is exact where it was started again when some partitions had ended and others had not', async () => {
  for (const [name, ended] of Object.entries({ first: [0], others: [1, 2] })) {
    const stage = await stageFor(`ended_${name}`)
    const rows = stream({ seed: SEED, orbits: 1000, start: 5_000_000, mostApart: 300 })
    const marks = endMarks(PARTITIONS)
    await sendMessages(kafka.bootstrap, stage.raw, [...keyed(rows), ...ended.map((partition) => marks[partition])])
    const begun = stage.process()
    await stage.untilWindows(1, begun)
    await begun.interrupt()
    await sendMessages(
      kafka.bootstrap,
      stage.raw,
      marks.filter(({ partition }) => !ended.includes(partition)),
    )
    await expectExact(
      stage,
      rows.map(({ text }) => text),
    )
  }
})

it('ends with a sentence where the orbit counter was started again', async () => {
  const stage = await stageFor('restarted')
  const runs = [5_000_000, 0].map((start) => keyed(stream({ seed: SEED, orbits: 500, start, mostApart: 300 })))
  await expectRefused(stage, runs, /the counter was started again|Spark dropped the rows of \d+ orbits/)
})

it('ends with a sentence where an orbit is absurd', async () => {
  const stage = await stageFor('absurd')
  const messages = keyed(stream({ seed: SEED, orbits: 1000, start: 5_000_000, mostApart: 300 }))
  const absurd = Array.from({ length: PARTITIONS }, (_, partition) => ({
    partition,
    value: Buffer.from(`2,0,7,${3_000_000_000 + partition},100,1`),
  }))
  const [first, second] = [messages.slice(0, 700), messages.slice(700)]
  await expectRefused(stage, [first, [...absurd, ...second]], /an orbit is absurd|Spark dropped the rows of \d+ orbits/)
})

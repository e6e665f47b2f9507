import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { StreamStart } from '../../../src/spark/connect/messages.js'
import { readStream, sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { makeTopics } from '../../kafka/support/make-topics.js'
import { plainClient, readValues, sendValues } from '../../kafka/support/plain-client.js'
import { LocalSpark } from '../support/local-spark.js'

const PATIENCE = { timeout: 60_000, interval: 100 }

let spark: LocalSpark
let kafka: LocalKafka
let session: SparkSession
beforeAll(async () => {
  ;[spark, kafka] = await Promise.all([LocalSpark.start({ cluster: true }), LocalKafka.start()])
  session = new SparkSession(spark.endpoint)
})
afterAll(async () => {
  session?.close()
  await Promise.all([spark?.stop(), kafka?.stop()])
})

async function copying(topic: string): Promise<StreamStart> {
  const servers = { 'kafka.bootstrap.servers': kafka.bootstrap }
  const options = { ...servers, subscribe: topic, startingOffsets: 'earliest' }
  await session.createView(`rows_of_${topic}`, readStream({ format: 'kafka', options }))
  return {
    input: sql(`SELECT upper(CAST(value AS STRING)) AS value FROM rows_of_${topic}`),
    format: 'kafka',
    options: { ...servers, topic: 'data_clean', checkpointLocation: join(spark.folder, 'checkpoints', topic) },
    outputMode: 'append',
    queryName: topic,
  }
}

it('goes from topic to topic on a cluster, and reports offsets by partition', async () => {
  await makeTopics(kafka.bootstrap, 2)
  const client = plainClient(kafka.bootstrap)
  await sendValues(client, 'data_raw', 0, ['a', 'b', 'c'])
  await sendValues(client, 'data_raw', 1, ['d'])
  const query = await session.startStream(await copying('data_raw'))
  expect((await readValues(client, 'data_clean', 'reading', 4)).sort()).toEqual(['A', 'B', 'C', 'D'])
  const report = await vi.waitUntil(async () => (await query.progress()).at(-1), PATIENCE)
  expect(report).toMatchObject({ numInputRows: 4, sources: [{ endOffset: { data_raw: { 0: 3, 1: 1 } } }] })
  await query.stop()
})

it('says what Kafka says of a topic that is missing', async () => {
  const query = await session.startStream(await copying('no_such_topic'))
  await vi.waitUntil(async () => !(await query.status()).isActive, PATIENCE)
  expect(await query.exception()).toMatchObject({
    message: 'Spark says: [STREAM_FAILED] This server does not host this topic-partition.',
  })
})

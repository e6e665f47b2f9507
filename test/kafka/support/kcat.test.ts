import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { haveKcat, KCAT_MISSING, kcatConsume, kcatProduce } from './kcat.js'
import { LocalKafka } from './local-kafka.js'
import { plainClient, withAdmin } from './plain-client.js'

let kafka: LocalKafka
beforeAll(async () => {
  kafka = await LocalKafka.start({ security: 'sasl_ssl' })
})
afterAll(() => kafka.stop())

const missing = !haveKcat()
beforeEach(({ skip }) => skip(missing, KCAT_MISSING))

describe('kcat', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd', undefined] as const)('writes lines and reads them: %s', async (codec) => {
    const { reach, topic } = await prepare(`lines-${codec}`)
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index},1,2,3`)
    const text = lines.map((line) => `${line}\n`).join('')
    await kcatProduce(reach, { topic, from: { text }, partition: 1, ...(codec && { codec }) })
    expect(await kcatConsume(reach, { topic, partition: 1 })).toEqual(lines)
    expect(await kcatConsume(reach, { topic, partition: 0 })).toEqual([])
  })

  it('writes a file, and keys', async () => {
    const { reach, topic } = await prepare('keys')
    const file = join(await temporaryFolder(), 'lines')
    await writeFile(file, 'k1;v1\nk2;v2\n')
    await kcatProduce(reach, { topic, from: { file }, keyDelimiter: ';', partition: 0 })
    expect(await kcatConsume(reach, { topic, partition: 0 })).toEqual(['v1', 'v2'])
  })

  it('shows aborted messages only to those who read what is not committed', async () => {
    const { reach, topic } = await prepare('aborted')
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner
    const settings = { transactionalId: 'aborting', maxInFlightRequests: 1, createPartitioner }
    const producer = client().producer(settings)
    await producer.connect()
    for (const value of ['aborted', 'committed']) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ partition: 0, value }] })
      await (value === 'aborted' ? transaction.abort() : transaction.commit())
    }
    await producer.disconnect()
    const isolation = 'read_uncommitted'
    expect(await kcatConsume(reach, { topic, partition: 0 })).toEqual(['committed'])
    expect(await kcatConsume(reach, { topic, partition: 0, isolation })).toEqual(['aborted', 'committed'])
  })

  it('says why it failed', async () => {
    const { reach } = await prepare('failed')
    await expect(kcatConsume(reach, { topic: 'none', partition: 0 })).rejects.toThrow(/ended with 1: .*none/s)
  })
})

async function prepare(topic: string): Promise<{ reach: { properties: string }; topic: string }> {
  await withAdmin(client(), (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 2 }] }))
  return { reach: { properties: kafka.clientProperties('worker', 'PLAIN').librdkafka }, topic }
}

function client(): ReturnType<typeof plainClient> {
  const sasl = { mechanism: 'plain', username: 'admin', password: kafka.users.admin } as const
  return plainClient(kafka.bootstrap, { ssl: { ca: readFileSync(kafka.tls.ca) }, sasl })
}

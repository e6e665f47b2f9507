import kafkajs from 'kafkajs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { resultOf } from '../../support/results.js'
import { haveKcat, KCAT_MISSING } from './kcat.js'
import { Ledger } from './ledger.js'
import { LocalKafka } from './local-kafka.js'
import { plainClient, withAdmin } from './plain-client.js'

let kafka: LocalKafka
let ledger: Ledger
beforeAll(async () => {
  kafka = await LocalKafka.start()
  await withAdmin(plainClient(kafka.bootstrap), (admin) =>
    admin.createTopics({ topics: [{ topic: 'data_clean', numPartitions: 1 }] }),
  )
})
afterAll(() => kafka?.stop())

beforeEach(({ skip }) => {
  skip(!haveKcat(), KCAT_MISSING)
})

it('sees what is committed, in order, also when the broker was away; and what is wrong with it', async () => {
  ledger = new Ledger(kafka.bootstrap)
  try {
    await send('commit', 0, 0, 10)
    await send('abort', 1, 10, 20)
    await send('commit', 1, 10, 15)
    await ledger.untilCovered([15])
    expect(ledger.counts).toMatchObject({ results: 2, lost: 0, doubled: 0, outOfOrder: 0 })
    await kafka.kill(1)
    await kafka.restart(1)
    await send('commit', 2, 15, 20)
    await ledger.untilCovered([20])
    expect(ledger.wrong).toEqual([])
    await send('commit', 3, 18, 21)
    await send('commit', 5, 22, 23)
    await ledger.untilResults(5)
    expect(ledger.counts).toMatchObject({ results: 5, lost: 1, doubled: 2, outOfOrder: 1 })
    await expect(ledger.untilCovered([99], 100)).rejects.toThrow('lane 0 is at 23 of 99')
  } finally {
    await ledger.close()
  }
})

async function send(outcome: 'commit' | 'abort', msg_ID: number, from: number, to: number): Promise<void> {
  const settings = { transactionalId: 'lane', maxInFlightRequests: 1 }
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner
  const producer = plainClient(kafka.bootstrap).producer({ ...settings, createPartitioner })
  await producer.connect()
  try {
    const transaction = await producer.transaction()
    const source = [{ topic: 'data_raw', partition: 0, from, to, watermark: null }]
    const others = { ancillary: to - from, unmapped: 0, malformed: 0 }
    const value = JSON.stringify(resultOf({ orbits: [], lateHits: [], others, msg_ID, source }))
    await transaction.send({ topic: 'data_clean', messages: [{ partition: 0, value }] })
    await (outcome === 'commit' ? transaction.commit() : transaction.abort())
  } finally {
    await producer.disconnect()
  }
}

import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import type { Log } from '../../../src/log/log.js'
import { messagesOf, outgoing } from '../../log/messages.js'
import { LocalKafka } from '../support/local-kafka.js'

const KILLS = 3

let kafka: LocalKafka
let log: Log
beforeEach(async () => {
  kafka = await LocalKafka.start()
  log = await openKafkaLog({ brokers: kafka.bootstrap.split(','), clientId: 'test' }, { onNotice: () => {} })
  await log.createTopic({ name: 'data_raw', partitions: 1 })
})
afterEach(async () => {
  await log?.close()
  await kafka?.stop()
})

async function written(): Promise<string[]> {
  const [{ end }] = (await log.offsets('data_raw')) ?? []
  const reader = await log.reader('data_raw', 0, 0)
  const values: string[] = []
  for (let next = 0; next < end; ) {
    const batch = await reader.next(10_000)
    if (!batch) throw new Error(`nothing came at offset ${next} of ${end}`)
    values.push(...messagesOf(batch).map(({ value }) => value))
    next = batch.nextOffset
  }
  return values
}

/** A broker that is killed just then can leave the transaction hanging in partitions: nothing may be sent anew because of it. */
it(`what is appended while the only broker is killed (-9) ${KILLS} times is there once`, async () => {
  const sent: string[] = []
  const append = async () => {
    const value = String(sent.length)
    await log.append('data_raw', [outgoing(0, [value])], { key: 'k', value })
    sent.push(value)
  }
  for (let kill = 0; kill < KILLS; kill++) {
    for (let i = 0; i < 20; i++) await append()
    // the transaction has ended, but what follows from that is still being written
    await kafka.kill(1)
    const next = append()
    await kafka.restart(1)
    await next
  }
  expect(await written()).toEqual(sent)
}, 240_000)

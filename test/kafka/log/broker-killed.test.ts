import { setTimeout as sleep } from 'node:timers/promises'
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

/** After a crash a broker does not know at once all that was committed: who asks must not take that for an answer. */
it(`what is appended while the only broker is killed (-9) ${KILLS} times is there once`, async () => {
  const sent: string[] = []
  let isEnding = false
  const sending = (async () => {
    while (!isEnding) {
      const value = String(sent.length)
      await log.append('data_raw', [outgoing(0, [value])], { key: 'k', value: sent.length })
      sent.push(value)
    }
  })()
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(300 + 700 * kill)
    const before = sent.length
    await kafka.kill(1)
    await kafka.restart(1)
    while (sent.length < before + 3) await sleep(50)
  }
  isEnding = true
  await sending
  expect(await written()).toEqual(sent)
}, 240_000)

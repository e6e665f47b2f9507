import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { Lag } from '../../src/watch/lag.js'
import { outgoing } from '../log/messages.js'
import { resultOf } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const covers = (topic: string, partition: number, to: number) =>
  resultOf({
    ...{ orbits: [], lateHits: [], others: { ancillary: 0, unmapped: 0, malformed: 0 } },
    source: [{ topic, partition, from: 0, to, watermark: null }],
  })

it('is the messages that no result covers yet, over all partitions of the topics that results name', async () => {
  const log = await openEmbeddedLog(join(await temporaryFolder(), 'log'))
  onTestFinished(() => log.close())
  await log.createTopic({ name: 'data_raw', partitions: 2 })
  await log.createTopic({ name: 'other', partitions: 1 })
  await log.append('data_raw', [outgoing(0, ['a', 'b', 'c']), outgoing(1, ['d', 'e'])])
  await log.append('other', [outgoing(0, ['f'])])
  const lag = new Lag(log)
  expect(await lag.messages()).toBeUndefined()
  lag.add(covers('data_raw', 0, 1))
  expect(await lag.messages()).toBe(4)
  lag.add(covers('data_raw', 1, 2))
  lag.add(covers('data_raw', 0, 3))
  // one that came before again
  lag.add(covers('data_raw', 0, 1))
  expect(await lag.messages()).toBe(0)
  await log.append('data_raw', [outgoing(1, ['g'])])
  expect(await lag.messages()).toBe(1)
  lag.add(covers('other', 0, 0))
  expect(await lag.messages()).toBe(2)
})

it('is not known for files, nor for topics that are gone', async () => {
  const log = await openEmbeddedLog(join(await temporaryFolder(), 'log'))
  onTestFinished(() => log.close())
  const lag = new Lag(log)
  lag.add({ ...covers('', 0, 0), source: [{ name: 'rows.txt', from: 0, to: 100, watermark: null }] })
  lag.add(covers('gone', 0, 5))
  expect(await lag.messages()).toBeUndefined()
})

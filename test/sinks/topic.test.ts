import { describe, expect, it } from 'vitest'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { MESSAGE_KIND } from '../../src/log/log.js'
import { openSink } from '../../src/sinks/registry.js'
import { resultValue } from '../../src/sinks/topic.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const LIMIT = { maxMessageBytes: 8 * 1024 ** 2 }

describe('the sink topic', () => {
  it('makes the topic with one partition, and writes a text message a result', async () => {
    const log = await openEmbeddedLog(await temporaryFolder())
    const sink = await openSink('topic:sums', { log: async () => log, stdout: process.stdout, group: 'test' })
    expect(sink).toMatchObject({ durable: 'commit', topic: { name: 'sums', ...LIMIT } })
    await sink.write(resultOfSize(100))
    expect(await log.topic('sums')).toMatchObject({ partitions: 1, offsets: [{ start: 0, end: 1 }] })
    const batch = await (await log.reader('sums', 0, 0)).next(0)
    expect(batch?.kind[0]).toBe(MESSAGE_KIND.text)
    expect(Buffer.from(batch?.bytes.subarray(batch.start[0], batch.end[0]) ?? '').toString()).toBe(
      JSON.stringify(resultOfSize(100)),
    )
    await sink.close()
    await log.close()
  })

  it('writes to the first partition of a topic that has several', async () => {
    const log = await openEmbeddedLog(await temporaryFolder())
    await log.createTopic({ name: 'sums', partitions: 3 })
    const sink = await openSink('topic:sums', { log: async () => log, stdout: process.stdout, group: 'test' })
    await sink.write(resultOfSize(100))
    await sink.close()
    expect((await log.topic('sums'))?.offsets.map(({ end }) => end)).toEqual([1, 0, 0])
    await log.close()
  })

  it('leaves the list of orbits out of a message that would be too long for a log', () => {
    const small = resultOfSize(1_000_000)
    expect(JSON.parse(Buffer.from(resultValue(small, LIMIT)).toString())).toEqual(small)
    const large = resultOfSize(9_000_000)
    const value = resultValue(large, LIMIT)
    expect(value.length).toBeLessThan(4 * 1024 ** 2)
    const { active_tdc_chamber, ...bounded } = large
    expect(active_tdc_chamber).toBeDefined()
    expect(JSON.parse(Buffer.from(value).toString())).toEqual(bounded)
  })

  it('writes nothing behind a result that could not be written', async () => {
    const log = await openEmbeddedLog(await temporaryFolder())
    const sink = await openSink('topic:sums', { log: async () => log, stdout: process.stdout, group: 'test' })
    const tooLarge = { ...resultOfSize(100, 1), worker: 'w'.repeat(9_000_000) }
    const writes = [resultOfSize(100, 0), tooLarge, resultOfSize(100, 2)].map((result) => sink.write(result))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect((await log.topic('sums'))?.offsets[0].end).toBe(1)
    await expect(sink.close()).rejects.toThrow('too large')
    await log.close()
  })

  it('needs a name', async () => {
    const context = { log: () => Promise.reject(new Error('not opened')), stdout: process.stdout, group: 'test' }
    await expect(openSink('topic:', context)).rejects.toThrow('topic: names no topic')
  })
})

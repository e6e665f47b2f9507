import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND, type MessageBatch, type OutgoingBatch } from '../../../src/log/log.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { type Message, messagesOf, outgoing, readAll } from '../messages.js'

const KIND_COUNT = Object.keys(MESSAGE_KIND).length

/** A new log with one topic of two partitions. */
async function openedLog() {
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(folder)
  await log.createTopic({ name: 't', partitions: 2 })
  return log
}

/** Messages of 26 bytes, as rows are. */
function rows(count: number, kind = new Uint8Array(count)): OutgoingBatch {
  const bytes = new Uint8Array(count * 26)
  const end = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    bytes.fill(i % 251, i * 26, i * 26 + 26)
    end[i] = (i + 1) * 26
  }
  return { partition: 0, count, bytes, end, kind, keyedByOrbit: true }
}

async function batchesFrom(log: Awaited<ReturnType<typeof openedLog>>, from: number): Promise<MessageBatch[]> {
  const reader = await log.reader('t', 0, from)
  const batches: MessageBatch[] = []
  for (let batch = await reader.next(0); batch; batch = await reader.next(0)) batches.push(batch)
  return batches
}

describe('the embedded log stores', () => {
  it('a large append in chunks whose bounds are the same whoever reads, and from where', async () => {
    const log = await openedLog()
    await log.append('t', [rows(50_000)])
    await log.append('t', [rows(10)])
    const whole = await batchesFrom(log, 0)
    expect(whole.length).toBeGreaterThan(3)
    expect(Math.max(...whole.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(256 * 1024)
    const bounds = whole.map(({ nextOffset }) => nextOffset)
    expect(bounds.slice(-2)).toEqual([50_000, 50_010])
    for (const from of [1, bounds[0] - 1, bounds[0], bounds[0] + 1, bounds[1] + 17, 49_999, 50_009]) {
      const batches = await batchesFrom(log, from)
      expect(batches[0].firstOffset).toBe(from)
      expect(batches.map(({ nextOffset }) => nextOffset)).toEqual(bounds.filter((bound) => bound > from))
      expect(batches.map(({ count, firstOffset, nextOffset }) => nextOffset - firstOffset - count)).toEqual(
        batches.map(() => 0),
      )
      expect(batches[0].bytes[batches[0].start[0]]).toBe((from % 50_000) % 251)
    }
    await log.close()
  })

  it('and gives batches whose arrays are views: no copy for each message, none of them longer than the batch', async () => {
    const log = await openedLog()
    await log.append('t', [rows(5000)])
    const [batch] = await batchesFrom(log, 4000)
    expect(batch.start.buffer).toBe(batch.bytes.buffer)
    expect(batch.end.buffer).toBe(batch.bytes.buffer)
    expect(batch.offsets).toBeUndefined()
    expect([batch.count, batch.start.length, batch.end.length, batch.kind.length]).toEqual([1000, 1000, 1000, 1000])
    await log.close()
  })

  it('the kinds of mixed messages, and of chunks that have but one', async () => {
    const log = await openedLog()
    const kind = new Uint8Array(50_000).fill(MESSAGE_KIND.daq)
    kind[49_999] = MESSAGE_KIND.end
    kind[20_000] = MESSAGE_KIND.arrow
    await log.append('t', [rows(50_000, kind)])
    const kinds = (await batchesFrom(log, 0)).flatMap((batch) => [...batch.kind])
    expect(kinds).toEqual([...kind])
    await log.close()
  })

  it('with each batch whether its producer keyed by orbit', async () => {
    const log = await openedLog()
    for (const keyedByOrbit of [true, false, true]) await log.append('t', [outgoing(0, ['x'], { keyedByOrbit })])
    expect((await batchesFrom(log, 0)).map(({ keyedByOrbit }) => keyedByOrbit)).toEqual([true, false, true])
    await log.close()
  })

  it('no message above 8 MiB, and says so', async () => {
    const log = await openedLog()
    const values = ['x', 'y'.repeat(8 * 1024 * 1024 + 1)]
    await expect(log.append('t', [outgoing(0, values)])).rejects.toThrow(
      /message of 8.0 MiB is too large for the topic t/,
    )
    expect((await log.topic('t'))?.offsets[0].end).toBe(0)
    await log.append('t', [outgoing(0, ['y'.repeat(8 * 1024 * 1024)])])
    expect((await batchesFrom(log, 0))[0].bytes.length).toBe(8 * 1024 * 1024)
    await log.close()
  })

  it('an offset that was never written is an error with words, below and beyond', async () => {
    const log = await openedLog()
    await log.append('t', [rows(10)])
    await expect((await log.reader('t', 0, 11)).next(0)).rejects.toThrow('message 11 of t/0 was never written')
    await expect(log.reader('t', 2, 0)).rejects.toThrow('the topic t has no partition 2, only 0 to 1')
    await expect(log.reader('t', 0, -1)).rejects.toBeInstanceOf(RangeError)
    await log.close()
  })

  it('what a plain list in memory would hold, for any appends and reads', async () => {
    const value = fc.oneof(
      { weight: 20, arbitrary: fc.string({ maxLength: 30 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 400_000 }).map((length) => 'x'.repeat(length)) },
    )
    const message = fc.record({ value, kind: fc.integer({ min: 0, max: KIND_COUNT - 1 }) })
    const append = fc.record({
      append: fc.array(fc.record({ partition: fc.integer({ min: 0, max: 1 }), messages: fc.array(message) }), {
        maxLength: 4,
      }),
    })
    const read = fc.record({
      read: fc.record({ partition: fc.integer({ min: 0, max: 1 }), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
    })
    const steps = fc.array(fc.oneof(append, read), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const folder = await temporaryFolder()
        const log = await openEmbeddedLog(folder)
        await log.createTopic({ name: 't', partitions: 2 })
        const model: Message[][] = [[], []]
        for (const step of all) {
          if ('append' in step) {
            await log.append(
              't',
              step.append.map(({ partition, messages }) => batchOf(partition, messages)),
            )
            for (const { partition, messages } of step.append) {
              for (const one of messages) model[partition].push({ ...one, offset: model[partition].length })
            }
          } else {
            const { partition, at } = step.read
            const from = Math.round(at * model[partition].length)
            expect(await readAll(await log.reader('t', partition, from))).toEqual(model[partition].slice(from))
          }
        }
        const info = await log.topic('t')
        expect(info?.offsets.map(({ end }) => end)).toEqual(model.map(({ length }) => length))
        await log.close()
      }),
      { numRuns: 30 },
    )
  })
})

function batchOf(partition: number, messages: readonly { value: string; kind: number }[]): OutgoingBatch {
  const kind = Uint8Array.from(messages, ({ kind: of }) => of)
  return outgoing(
    partition,
    messages.map(({ value }) => value),
    { kind },
  )
}

describe('the embedded log lets the event loop have its turn', () => {
  const tries = 2000

  it.each([
    ['appends', async (log: Log) => log.append('t', [outgoing(1, ['x'])])],
    ['reads', async (log: Log) => (await log.reader('t', 0, 0)).next(0)],
  ])('while %s follow each other without a pause', async (_, work) => {
    const log = await openedLog()
    await log.append('t', [outgoing(0, ['x'])])
    let turned = false
    setTimeout(() => {
      turned = true
    })
    let count = 0
    while (!turned && count < tries) {
      await work(log)
      count++
    }
    expect(count).toBeLessThan(tries)
    await log.close()
  })
})

describe('a batch of the embedded log', () => {
  it('is memory of its own: later reads and writes leave it as it is', async () => {
    const log = await openedLog()
    await log.append('t', [outgoing(0, ['first', 'second'])])
    const [batch] = await batchesFrom(log, 0)
    await log.append('t', [outgoing(0, ['other', 'values!'])])
    await batchesFrom(log, 2)
    expect(messagesOf(batch).map(({ value }) => value)).toEqual(['first', 'second'])
    await log.close()
  })
})

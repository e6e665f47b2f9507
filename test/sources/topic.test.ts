import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND } from '../../src/log/log.js'
import { outgoing } from '../log/messages.js'
import { anyContent, type Content, rowsOf, spreadOver } from '../support/distributed.js'
import { foldText } from '../support/lane.js'
import { type Entry, entriesIn, replayInto, TOPIC } from '../support/replayed.js'
import { type StreamRow, textOf } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FOREIGN = 'foreign'
const FROM = { uris: [`topic:${FOREIGN}`] }

/** A log with a topic that somebody else has filled, and `data_raw`, which is empty. */
async function logWith(partitions: number, targets = 3): Promise<Log> {
  const log = await openEmbeddedLog(await temporaryFolder())
  onTestFinished(() => log.close())
  await log.createTopic({ name: FOREIGN, partitions })
  await log.createTopic({ name: TOPIC, partitions: targets })
  return log
}

const put = (log: Log, partition: number, ...rows: string[]) =>
  log.append(FOREIGN, [outgoing(partition, rows, { keyedByOrbit: false })])

async function fill(log: Log, content: Content, rows: readonly StreamRow[]): Promise<void> {
  const places = spreadOver(rows, content.partitions, content.how, content.seed)
  for (let at = 0; at < rows.length; at += 100) {
    for (let partition = 0; partition < content.partitions; partition++) {
      const own = rows.slice(at, at + 100).filter((_, i) => places[at + i] === partition)
      if (own.length > 0) await put(log, partition, ...own.map(({ text }) => text))
    }
  }
}

const hit = (orbit: number) => `2,0,7,${orbit},100,5`
const rowsIn = (entries: readonly Entry[]) => entries.filter((entry) => entry !== 'end')

describe('a topic as a source', () => {
  it('gives a keyed copy whose lanes add up to what a single lane would have counted', {
    timeout: 120_000,
  }, async () => {
    // rows farther out of order than that are late in the copy
    const contents = anyContent.map((content) => ({ ...content, runs: 1, grace: Math.min(content.grace, 512) }))
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        const log = await logWith(content.partitions)
        const rows = rowsOf(content)
        await fill(log, content, rows)
        expect((await log.topic(FOREIGN))?.keyedByOrbit).toBe(false)
        await replayInto(log, FROM)
        expect((await log.topic(TOPIC))?.keyedByOrbit).toBe(true)
        const sum = new ResultSum()
        for (const [partition, entries] of (await entriesIn(log)).entries()) {
          const text = rowsIn(entries).map((entry) => `${entry}\n`)
          const lane = foldText(text.join(''), { grace: content.grace })
          expect(lane.rows.late).toBe(0)
          sum.add({ ...lane, source: [{ topic: TOPIC, partition, from: 0, to: text.length, watermark: null }] })
        }
        const total = sum.toResult('sum')
        expect(total && compareCounts(foldText(textOf(rows), { grace: content.grace }), total)).toEqual([])
      }),
      { numRuns: 12 },
    )
  })

  it('is resumed at any record, with what cannot be read and ends of runs in their places', async () => {
    const log = await logWith(2, 1)
    const end = { kind: Uint8Array.of(MESSAGE_KIND.end) }
    for (const partition of [0, 1]) {
      await put(log, partition, hit(1000 + partition), 'rubbish', hit(1010 + partition))
      await log.append(FOREIGN, [outgoing(partition, [''], end)])
      await put(log, partition, hit(5 + partition), hit(20 + partition))
    }
    await replayInto(log, FROM)
    const [entries] = await entriesIn(log)
    expect(entries.filter((entry) => entry === 'malformed')).toHaveLength(2)
    expect(rowsIn(entries).filter((entry) => entry !== 'malformed')).toEqual(
      [1000, 1001, 1010, 1011, 5, 6, 20, 21].map(hit),
    )
    expect(entries.lastIndexOf('end')).toBe(entries.length - 1)
    expect(entries.indexOf('end')).toBe(6)
    // what cannot be read stands anywhere within its run
    const inOrder = (all: Entry[]) => [all.slice(0, 6).sort(), all.slice(6)]
    for (let stopAt = 1; stopAt < 8; stopAt++) {
      await log.deleteTopic(TOPIC)
      await log.createTopic({ name: TOPIC, partitions: 1 })
      const stopped = await replayInto(log, { ...FROM, stopAt, batch: 1 })
      expect(stopped.done).toBe(false)
      await replayInto(log, { ...FROM, resume: true })
      expect(inOrder((await entriesIn(log))[0])).toEqual(inOrder(entries))
    }
  })

  it('that has grown meanwhile is not gone on with', async () => {
    const log = await logWith(1)
    await put(log, 0, hit(1), hit(2), hit(3))
    await replayInto(log, { ...FROM, stopAt: 1, batch: 1 })
    await put(log, 0, hit(4))
    await expect(replayInto(log, { ...FROM, resume: true })).rejects.toThrow('the replay stopped in topic:foreign')
  })

  it('is named where it is missing', async () => {
    const log = await logWith(1)
    await expect(replayInto(log, { uris: ['topic:nowhere'] })).rejects.toThrow('there is no topic nowhere')
    await expect(replayInto(log, { uris: ['topic:'] })).rejects.toThrow('names no topic')
  })
})

import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { type Pacer, ratePacer } from '../../src/replay/pacer.js'
import { progressKey, type ReplayProgress } from '../../src/replay/replay-progress.js'
import { ROW_FORMATS } from '../../src/replay/row-formats.js'
import {
  count,
  type Entry,
  entriesIn,
  entriesOfSource,
  replayInto,
  rowsOf,
  sharedOut,
  TOPIC,
} from '../support/replayed.js'
import { arrowFile, csvFile, DAQ_OFFSET, daqFile, type TestRecord, textFile } from '../support/row-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const RECORDS: readonly TestRecord[] = Array.from({ length: 40 }, (_, i) =>
  [7, 8, 19, 39].includes(i) ? 'malformed' : [2, i & 1, i, 1000 + (i >> 2), i, i % 30],
)
const ROWS = RECORDS.filter((record) => record !== 'malformed').length
const MALFORMED = RECORDS.length - ROWS
const RUN = { ...DEFAULT_RUN, raw_word: { ...DEFAULT_RUN.raw_word, channel_offset: DAQ_OFFSET } }
const THREE = 3

let folder: string
let log: Log
beforeEach(async () => {
  folder = await temporaryFolder()
  log = await openEmbeddedLog(path.join(folder, 'log'))
  onTestFinished(() => log.close())
  await log.createTopic({ name: TOPIC, partitions: THREE })
})

async function fileWith(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  return file
}

async function emptyTopic(): Promise<void> {
  await log.deleteTopic(TOPIC)
  await log.createTopic({ name: TOPIC, partitions: THREE })
}

/** The rows in order, by partition, whatever else is between them; `ends` end marks in each. */
async function expectInLog(records: readonly Entry[], ends: number): Promise<void> {
  const partitions = await entriesIn(log, RUN.raw_word)
  expect(partitions.map(rowsOf)).toEqual(sharedOut(records, THREE))
  expect(count(partitions.flat(), 'malformed')).toBe(count(records, 'malformed'))
  expect(partitions.map((entries) => count(entries, 'end'))).toEqual(new Array(THREE).fill(ends))
}

const recorded = (uris: string[]) => log.progress(progressKey(TOPIC, uris)) as Promise<ReplayProgress | undefined>

/** What the log holds is what the progress says. */
async function expectTrue(progress: ReplayProgress | undefined): Promise<void> {
  const entries = (await entriesIn(log, RUN.raw_word)).flat()
  expect(progress).toMatchObject({ rows: rowsOf(entries).length, malformed: count(entries, 'malformed') })
}

/** So many rows are due at once, and no more. */
function upTo(rows: number): Pacer {
  let before = 0
  let length = 0
  return {
    wantedRate: undefined,
    begin(block) {
      before += length
      length = block.length
    },
    due: (from) => Math.min(length, rows - before) - from,
    dueAtMs: () => 0,
  }
}

const SOURCES: [string, () => Promise<string[]>][] = [
  ['text', async () => [await fileWith('a.txt', textFile(RECORDS))]],
  ['text with Windows line ends', async () => [await fileWith('a.csv', csvFile(RECORDS))]],
  ['compressed text', async () => [await fileWith('a.txt.gz', gzipSync(textFile(RECORDS)))]],
  ['words', async () => [await fileWith('a.dat', daqFile(RECORDS, 'head2-fpga4'))]],
  ['Arrow', async () => [await fileWith('a.arrow', arrowFile(RECORDS, 'file', 15))]],
  [
    'several files',
    async () => [
      await fileWith('2.txt', textFile(RECORDS.slice(0, 15))),
      await fileWith('empty.txt', Buffer.from('')),
      await fileWith('1.dat', daqFile(RECORDS.slice(15, 30), 'head2-fpga4')),
      await fileWith('3.arrow', arrowFile(RECORDS.slice(30), 'stream', 4)),
    ],
  ],
]

describe.each(SOURCES)('a replay of %s', (_name, make) => {
  it('goes on behind any row where it was stopped, without a row lost or doubled', async () => {
    const uris = await make()
    const source = await entriesOfSource(uris, RUN)
    expect(source).toHaveLength(RECORDS.length)
    for (let stop = 1; stop <= ROWS; stop++) {
      await emptyTopic()
      const stopped = await replayInto(log, { uris, run: RUN, pacer: upTo(stop), stopAt: stop })
      expect(stopped).toMatchObject({ rows: stop, done: false })
      await expectTrue(await recorded(uris))
      const end = await replayInto(log, { uris, run: RUN, batch: 9, resume: true })
      expect(end).toMatchObject({ rows: ROWS, malformed: MALFORMED, loops: 1, done: true })
      await expectInLog(source, 1)
    }
  })
})

describe('a replay that is stopped again and again', () => {
  it('comes to the same in the end, whatever the formats and the sizes of what is sent', async () => {
    const uris = ['sim:?seed=3&rows=1500']
    const source = await entriesOfSource(uris, RUN)
    const stretches = fc.array(
      fc.record({ more: fc.integer({ min: 1, max: 400 }), format: fc.constantFrom(...ROW_FORMATS) }),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(stretches, fc.integer({ min: 10, max: 300 }), async (list, batch) => {
        await emptyTopic()
        let rows = 0
        for (const [i, { more, format }] of list.entries()) {
          const progress = await replayInto(log, {
            ...{ uris, run: RUN, format, batch },
            ...{ stopAt: rows + more, resume: i > 0 },
          })
          await expectTrue(progress)
          expect(await recorded(uris)).toEqual(progress)
          if (!progress.done) expect(progress.rows).toBe(Math.min(1500, rows + Math.ceil(more / batch) * batch))
          rows = progress.rows
        }
        await replayInto(log, { uris, run: RUN, resume: list.length > 0 })
        await expectInLog(source, 1)
      }),
      { numRuns: 12 },
    )
  })

  it('stops while it waits for a row to be due', async () => {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), 50)
    const uris = ['sim:']
    const progress = await replayInto(log, { uris, pacer: ratePacer(0.001, performance.now()), signal: stop.signal })
    clearTimeout(timer)
    expect(progress).toMatchObject({ rows: 0, done: false })
    await expectInLog([], 0)
  })
})

describe('a replay that fails', () => {
  it('has recorded what was sent, and no more', async () => {
    const uris = ['sim:?seed=3&rows=3000']
    let last: ReplayProgress | undefined
    const failing = replayInto(log, {
      uris,
      batch: 100,
      onProgress(progress) {
        last = progress
        if (progress.rows === 500) void log.deleteTopic(TOPIC)
      },
    })
    await expect(failing).rejects.toThrow('there is no topic data_raw')
    expect(last?.rows).toBeLessThan(3000)
    expect(await recorded(uris)).toEqual(last)
  })

  it('because its file ends too early has sent all before', async () => {
    const bytes = gzipSync(textFile(RECORDS))
    const uris = [await fileWith('a.txt.gz', bytes.subarray(0, bytes.length - 8))]
    await expect(replayInto(log, { uris })).rejects.toThrow('it ends in the midst of its compressed data')
    await expectTrue(await recorded(uris))
    expect((await recorded(uris))?.rows).toBeGreaterThan(0)
  })
})

describe('the end', () => {
  it('is marked in every partition, also of a source without rows', async () => {
    const uris = [await fileWith('empty.txt', Buffer.from(''))]
    expect(await replayInto(log, { uris })).toMatchObject({ rows: 0, malformed: 0, loops: 1, done: true })
    await expectInLog([], 1)
  })

  it('comes once: a finished replay that is resumed sends nothing', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    const end = await replayInto(log, { uris })
    expect(await replayInto(log, { uris, resume: true })).toEqual(end)
    await expectInLog(await entriesOfSource(uris), 1)
  })

  it('is not the end where the source has grown since', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS.slice(0, 20)))]
    await replayInto(log, { uris })
    await appendFile(uris[0], textFile(RECORDS.slice(20)))
    expect(await replayInto(log, { uris, resume: true })).toMatchObject({ rows: ROWS, loops: 2, done: true })
    await expectInLog(await entriesOfSource(uris), 2)
  })
})

describe('--limit', () => {
  it.each([1, 7, 20, ROWS - 1, ROWS])('ends after %i rows, and a higher one goes on there', async (limit) => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    const source = await entriesOfSource(uris)
    const atLimit = await replayInto(log, { uris, limit, batch: 3 })
    expect(atLimit).toMatchObject({ rows: limit, done: true })
    expect((await entriesIn(log)).map((entries) => entries.at(-1))).toEqual(new Array(THREE).fill('end'))
    expect(await replayInto(log, { uris, limit, resume: true })).toEqual(atLimit)
    expect(await replayInto(log, { uris, resume: true })).toMatchObject({
      rows: ROWS,
      malformed: MALFORMED,
      done: true,
    })
    const entries = await entriesIn(log)
    expect(entries.map(rowsOf)).toEqual(sharedOut(source, THREE))
  })

  it('counts in what was sent before a stop', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    await replayInto(log, { uris, batch: 5, stopAt: 10 })
    expect(await replayInto(log, { uris, limit: 12, resume: true })).toMatchObject({ rows: 12, done: true })
    expect(await replayInto(log, { uris, limit: 3, resume: true })).toMatchObject({ rows: 12, done: true })
    await expectTrue(await recorded(uris))
  })
})

describe('--loop', () => {
  it('begins again, with end marks between', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    const source = await entriesOfSource(uris)
    const limit = 2 * ROWS + 10
    const progress = await replayInto(log, { uris, loop: true, limit, batch: 7 })
    expect(progress).toMatchObject({ rows: limit, loops: 2, done: true })
    const once = sharedOut(source, THREE)
    const rest = sharedOut(rowsOf(source).slice(0, 10), THREE)
    const found = (await entriesIn(log)).map((entries) => entries.filter((entry) => entry !== 'malformed'))
    expect(found).toEqual(once.map((rows, p) => [...rows, 'end', ...rows, 'end', ...rest[p], 'end']))
  })

  it('is stopped and resumed in a later round', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    await replayInto(log, { uris, loop: true, stopAt: ROWS + 5, batch: 1 })
    const limit = 3 * ROWS
    expect(await replayInto(log, { uris, loop: true, limit, resume: true })).toMatchObject({ rows: limit, done: true })
    const source = rowsOf(await entriesOfSource(uris))
    expect((await entriesIn(log)).map(rowsOf)).toEqual(sharedOut([...source, ...source, ...source], THREE))
  })

  it.each([
    ['no record', ''],
    ['no row', 'bad\nbad\n'],
  ])('ends at once over %s', async (_name, text) => {
    const uris = [await fileWith('a.txt', Buffer.from(text))]
    expect(await replayInto(log, { uris, loop: true })).toMatchObject({ rows: 0, loops: 1, done: true })
  })
})

describe('--resume', () => {
  it('knows the same files by any path, and others of the same name apart', async () => {
    const file = await fileWith('a.txt', textFile(RECORDS))
    expect(progressKey(TOPIC, [path.relative(process.cwd(), file)])).toBe(progressKey(TOPIC, [`file:${file}`]))
    expect(progressKey(TOPIC, [file])).not.toBe(progressKey('other', [file]))
    expect(progressKey(TOPIC, ['/a/data.txt'])).not.toBe(progressKey(TOPIC, ['/b/data.txt']))
    expect(progressKey(TOPIC, ['sim:?seed=1'])).not.toBe(progressKey(TOPIC, ['sim:?seed=2']))
  })

  it('begins anew in a topic that was made anew', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    await replayInto(log, { uris, batch: 5, stopAt: 10 })
    await emptyTopic()
    await replayInto(log, { uris, resume: true })
    await expectInLog(await entriesOfSource(uris), 1)
  })

  it('does not go back to a replay before the last', async () => {
    const uris = [await fileWith('a.txt', textFile(RECORDS))]
    await replayInto(log, { uris })
    const stopped = new AbortController()
    stopped.abort()
    await replayInto(log, { uris, signal: stopped.signal })
    expect(await replayInto(log, { uris, resume: true })).toMatchObject({ rows: ROWS, done: true })
    const source = rowsOf(await entriesOfSource(uris))
    expect((await entriesIn(log)).map(rowsOf)).toEqual(sharedOut([...source, ...source], THREE))
  })

  it('finds its place in a folder that got further files behind it, and refuses one where others are before it', async () => {
    const data = path.join(folder, 'data')
    await mkdir(data)
    await writeFile(path.join(data, 'rows_2.txt'), textFile(RECORDS.slice(0, 20)))
    await replayInto(log, { uris: [data], batch: 5, stopAt: 10 })
    await writeFile(path.join(data, 'rows_10.txt'), textFile(RECORDS.slice(20)))
    await replayInto(log, { uris: [data], resume: true })
    await expectInLog(await entriesOfSource([data]), 1)
    await rename(path.join(data, 'rows_10.txt'), path.join(data, 'rows_1.txt'))
    await expect(replayInto(log, { uris: [data], resume: true })).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `the replay stopped in ${data}/rows_10.txt, and in its place is ${data}/rows_2.txt now`,
    })
  })
})

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { LaneFold } from '../../src/core/orbits/lane-fold.js'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { parseMessages } from '../../src/core/rows/parse-messages.js'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND } from '../../src/log/log.js'
import { analyse } from '../../src/process/batch-analysis.js'
import { ROW_FORMATS } from '../../src/replay/row-formats.js'
import { openSources } from '../../src/sources/registry.js'
import { FAR, INSANE } from '../fixtures/hostile/insane.js'
import { MALFORMED } from '../fixtures/hostile/malformed.js'
import { foldOptions, sum, take } from '../support/lane.js'
import { noLog } from '../support/no-log.js'
import { recordsIn } from '../support/oracle.js'
import {
  count,
  entriesIn,
  entriesOfSource,
  malformedTexts,
  mapPartitions,
  replayInto,
  rowsOf,
  sharedOut,
  TOPIC,
} from '../support/replayed.js'
import { arrowFile, daqFile, manyRecords } from '../support/row-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FIXTURE = new URL('../fixtures/minidt_head_72.txt', import.meta.url).pathname
const SIMULATED = 'sim:?seed=5&rows=50000'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

async function logWith(partitions: number): Promise<Log> {
  const log = await openEmbeddedLog(path.join(await temporaryFolder(), 'log'))
  onTestFinished(() => log.close())
  await log.createTopic({ name: TOPIC, partitions })
  return log
}

async function fileWith(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  return file
}

/** Good rows with everything between them that is known to make trouble. */
function hostileText(): string {
  const cases = [...MALFORMED, ...INSANE, ...FAR].flatMap(({ records }) => records.map(([, record]) => record))
  const good = (i: number) => `2,0,${i % 128},${3_387_200_000 + i},${i % 3564},${i % 30}`
  return cases.map((record, i) => `${good(i)}\n${record.replaceAll('ORBIT', String(3_387_200_000 + i))}\n`).join('')
}

/** Every row exactly once, in the partition of its orbit, in order; every malformed record; an end mark at every end. */
async function expectReplayed(log: Log, uris: string[], run: RunFile = DEFAULT_RUN): Promise<void> {
  const source = await entriesOfSource(uris, run)
  const partitions = await entriesIn(log, run.raw_word)
  const expected = sharedOut(source, partitions.length)
  partitions.forEach((entries, p) => {
    const rows = rowsOf(entries)
    expect(rows.length).toBe(expected[p].length)
    expect(rows.findIndex((row, i) => row !== expected[p][i])).toBe(-1)
    expect([count(entries, 'end'), entries.at(-1)]).toEqual([1, 'end'])
  })
  expect(count(partitions.flat(), 'malformed')).toBe(count(source, 'malformed'))
  expect(await log.topic(TOPIC)).toMatchObject({ keyedByOrbit: true })
}

describe.each(ROW_FORMATS)('as %s', (format) => {
  it.each([1, 3, 10])('the real rows come through %i partitions whole', async (partitions) => {
    const log = await logWith(partitions)
    const progress = await replayInto(log, { uris: [FIXTURE], format })
    expect(progress).toMatchObject({ rows: 74, malformed: 0, loops: 1, done: true })
    await expectReplayed(log, [FIXTURE])
  })

  it.each([1, 3, 10])('simulated rows come through %i partitions whole', async (partitions) => {
    const log = await logWith(partitions)
    const batch = [undefined, 1000, 7919][partitions % 3]
    await replayInto(log, { uris: [SIMULATED], format, ...(batch ? { batch } : {}) })
    await expectReplayed(log, [SIMULATED])
  })

  it.each([1, 3, 10])(
    'hostile rows come through %i partitions whole, and malformed ones stay so',
    async (partitions) => {
      const uris = [await fileWith('hostile.txt', hostileText())]
      const log = await logWith(partitions)
      const { rows, malformed } = await replayInto(log, { uris, format, batch: 700 })
      await expectReplayed(log, uris)
      const records = recordsIn(await readFile(uris[0]))
      expect(rows + malformed).toBe(records.length)
      expect(malformed).toBeGreaterThan(300)
    },
  )
})

describe('malformed records', () => {
  it('go on as they are, but for those of megabytes', async () => {
    const long = ['x'.repeat(60_000), 'y'.repeat(500_000), 'z'.repeat(3_000_000)]
    const uris = [
      await fileWith('bad.txt', `bad\n\xef\xbb\xbf\xef\xbb\xbfbad\nbad\r\r\n${long.join('\n')}\n2,0,1,1,1,1`),
    ]
    const log = await logWith(3)
    expect(await replayInto(log, { uris })).toMatchObject({ rows: 1, malformed: 6 })
    const texts = (await malformedTexts(log)).sort()
    expect(texts.map((text) => text.slice(0, 10))).toEqual([
      'bad',
      'bad\r\r',
      'xxxxxxxxxx',
      'yyyyyyyyyy',
      'zzzzzzzzzz',
      '\xef\xbb\xbf\xef\xbb\xbfbad',
    ])
    expect(texts.map(({ length }) => length)).toEqual([3, 5, 60_000, 65_536, 65_536, 9])
  })

  it('stay malformed although who reads a line takes a mark and a return off its ends', async () => {
    const row = '2,0,75,5,2922,2'
    const header = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
    const mark = '\xef\xbb\xbf'
    const records = [
      `${row}\r\r`,
      `${mark}${mark}${row}`,
      '\r\r',
      `${header}\r\r`,
      `${mark}${mark}`,
      `${mark}${mark}${row}\r\r`,
    ]
    const uris = [await fileWith('bad.txt', records.join('\n'))]
    for (const format of ROW_FORMATS) {
      const log = await logWith(1)
      expect(await replayInto(log, { uris, format })).toMatchObject({ rows: 0, malformed: records.length })
      expect(await entriesIn(log)).toEqual([[...records.map(() => 'malformed'), 'end']])
    }
  })

  it('of words and of Arrow are told by their place', async () => {
    const records = manyRecords(1500)
    const run = { ...DEFAULT_RUN, raw_word: { ...DEFAULT_RUN.raw_word, channel_offset: -1 } }
    const files = [
      await fileWith('a.dat', Buffer.concat([daqFile(records, 'head2-fpga4'), Buffer.from('rest')])),
      await fileWith('b.arrow', arrowFile(records, 'file')),
    ]
    const log = await logWith(3)
    expect(await replayInto(log, { uris: files, run, format: 'daq' })).toMatchObject({ rows: 2 * 1499, malformed: 3 })
    await expectReplayed(log, files, run)
    expect((await malformedTexts(log)).sort()).toEqual([
      'not a record: 12000',
      'not a record: 7992',
      'not a record: 999',
    ])
  })
})

describe('messages', () => {
  async function kindsIn(log: Log): Promise<Map<number, number>> {
    const kinds = new Map<number, number>()
    await mapPartitions(log, async (batches) => {
      for await (const { kind, count } of batches)
        for (let i = 0; i < count; i++) kinds.set(kind[i], (kinds.get(kind[i]) ?? 0) + 1)
    })
    return kinds
  }

  it('are one a row; many rows; streams of Arrow; or words, with rows as text that no word can hold', async () => {
    const rows = [
      ...['2,0,75,5,2922,2', '2,1,1,5,4095,31', '4,1,1,5,1,-0.573730', '8,1,1,5,1,1', '2,16,1,5,1,1'],
      ...['2,0,512,5,1,1', '2,0,75,5,4096,1', '2,0,75,5,1,32', '2,0,75,5,1,-1', '2,0,75,5,1,0.5', '3,15,511,5,0,0'],
    ]
    const uris = [await fileWith('rows.txt', `${rows.join('\n')}\n`)]
    const { text, arrow, daq, end } = MESSAGE_KIND
    const expected = {
      row: [[text, 11]],
      lines: [[text, 1]],
      arrow: [[arrow, 1]],
      daq: [
        [daq, 2],
        [text, 8],
      ],
    }
    for (const format of ROW_FORMATS) {
      const log = await logWith(1)
      await replayInto(log, { uris, format })
      expect([...(await kindsIn(log))].sort()).toEqual([...expected[format], [end, 1]].sort())
      await expectReplayed(log, uris)
    }
  })

  it('of many rows are ended before they become too large for a broker', async () => {
    for (const format of ['lines', 'daq', 'arrow'] as const) {
      const log = await logWith(1)
      await replayInto(log, { uris: [SIMULATED], format })
      const largest = await mapPartitions(log, async (batches) => {
        let most = 0
        for await (const { start, end, count } of batches)
          for (let i = 0; i < count; i++) most = Math.max(most, end[i] - start[i])
        return most
      })
      // words end where a row stands between them that no word can hold
      if (format !== 'daq') expect(largest[0]).toBeGreaterThan(200_000)
      expect(largest[0]).toBeLessThan(1_000_000)
    }
  })
})

describe('all formats mixed in one topic', () => {
  it.each([1, 3, 10])('folded over %i partitions give what the batch analysis gives', async (partitions) => {
    const log = await logWith(partitions)
    for (const [i, format] of (['row', 'lines', 'arrow', 'daq', 'row'] as const).entries()) {
      const stopAt = i < 4 ? 10_000 * (i + 1) : undefined
      await replayInto(log, { uris: [SIMULATED], format, batch: 500, resume: i > 0, ...(stopAt ? { stopAt } : {}) })
    }
    await expectReplayed(log, [SIMULATED])
    expect(compareCounts(await analysed(SIMULATED), sum(await foldedByPartition(log)))).toEqual([])
  })
})

async function analysed(uri: string): Promise<Result> {
  const results: Result[] = []
  await analyse({
    ...{
      ...foldOptions(),
      geometry: 'default',
      parts: await openSources([uri], { run: DEFAULT_RUN, log: noLog }),
      worker: 'test',
    },
    ...{ intervalMs: undefined, strict: false, signal: new AbortController().signal, wallNow: () => 0 },
    onResult: async (result) => {
      results.push(result)
    },
    onMalformed: () => undefined,
    onProgress: () => undefined,
  })
  expect(results).toHaveLength(1)
  return results[0]
}

function foldedByPartition(log: Log): Promise<Result[]> {
  return mapPartitions(log, async (batches, partition) => {
    const fold = new LaneFold(foldOptions())
    const rows = createRowBuffer(1000)
    const consumer = {
      rows: ({ columns, length, malformed }: typeof rows) => {
        fold.fold(columns, 0, length)
        fold.addMalformed(malformed.count)
      },
      end: () => fold.end(),
    }
    let to = 0
    for await (const batch of batches) {
      parseMessages(batch, 0, batch.count, DEFAULT_RUN.raw_word, rows, consumer)
      to = batch.nextOffset
    }
    return take(fold, 0, to, partition)
  })
}

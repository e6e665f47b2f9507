import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { FileRange, Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { DEFAULT_RUN, NS_PER_ORBIT } from '../../src/core/run-file/run-file.js'
import { EXIT } from '../../src/errors.js'
import { analyse, type BatchOptions } from '../../src/process/batch-analysis.js'
import type { MalformedSample } from '../../src/process/malformed-samples.js'
import type { HitsPart } from '../../src/sinks/hits/hits-sink.js'
import { openSources } from '../../src/sources/registry.js'
import { expectExact, GRACE } from '../support/lane.js'
import { noLog } from '../support/no-log.js'
import { oracleCounts, recordsIn } from '../support/oracle.js'
import { arrowFile, manyRecords, type TestRecord } from '../support/row-files.js'
import { randomCuts, stream, textOf } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FIXTURE = new URL('../fixtures/minidt_head_72.txt', import.meta.url).pathname
const MS_PER_ORBIT = NS_PER_ORBIT / 1e6

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)

async function fileWith(name: string, bytes: string | Uint8Array): Promise<string> {
  await writeFile(at(name), bytes)
  return at(name)
}

/** Analyses, and gives all that came of it. */
async function analysed(uris: string[], changes: Partial<BatchOptions> = {}) {
  const results: Result[] = []
  const samples: MalformedSample[] = []
  let wallMs = Date.UTC(2024, 0, 1)
  const read = await analyse({
    ...{ run: DEFAULT_RUN, geometry: 'default', grace: GRACE, orbitDetail: true, worker: 'batch/1/0' },
    ...{ parts: await openSources(uris, { run: DEFAULT_RUN, log: noLog }), intervalMs: undefined, strict: false },
    signal: new AbortController().signal,
    wallNow: () => wallMs++,
    onResult: async (result) => {
      results.push(result)
    },
    onMalformed: (found) => samples.push(...found),
    onProgress: () => undefined,
    ...changes,
  })
  for (const result of results) expect(parseResult(JSON.stringify(result))).toEqual(result)
  expect(results.map(({ msg_ID }) => msg_ID)).toEqual(results.map((_, i) => i))
  expect(results.reduce((sum, { rows }) => sum + rows.read, 0)).toBe(read)
  return { results, samples, read }
}

/** The sum of all, none of which may repeat another or leave a hole behind it. */
function added(results: readonly Result[]): Result {
  const sum = new ResultSum()
  for (const result of results) expect(sum.add(result)).toBe('added')
  expect(sum.gaps()).toEqual([])
  return sum.toResult('test') as Result
}

/** Each result but for when it was made and what its source is called. */
function countsOnly(results: readonly Result[]): unknown[] {
  return results.map(({ interval: _, source, ...counts }) => ({
    ...counts,
    source: source.map(({ from, to, watermark }) => [from, to, watermark]),
  }))
}

const rangesOf = (results: readonly Result[]) => results.flatMap(({ source }) => source) as FileRange[]
const manyRows = (orbits: number) => textOf(stream({ seed: 3, orbits, start: 3_387_200_000, mostApart: 30 }))

describe('without an interval', () => {
  it('is one result of everything, to the last count', async () => {
    const { results, read } = await analysed([FIXTURE])
    expect(results).toHaveLength(1)
    expect(read).toBe(74)
    expectExact(results[0], oracleCounts(recordsIn(await readFile(FIXTURE))))
    expect(results[0]).toMatchObject({
      schema: 'dtstream.result/1',
      worker: 'batch/1/0',
      interval: { start: '2024-01-01T00:00:00.000Z', end: '2024-01-01T00:00:00.001Z' },
      source: [{ name: FIXTURE, from: 0, to: (await readFile(FIXTURE)).length }],
    })
  })

  it('is one result of several files too: an orbit that two of them share is one orbit', async () => {
    const text = manyRows(3000)
    const lines = text.split('\n')
    const middle = lines.slice(0, 5001).join('\n').length + 1
    const uris = [await fileWith('1.txt', text.slice(0, middle)), await fileWith('2.txt', text.slice(middle))]
    const { results } = await analysed(uris)
    expect(results).toHaveLength(1)
    expectExact(results[0], oracleCounts(recordsIn(Buffer.from(text))))
    expect(rangesOf(results).map(({ name, from, to }) => [name, from, to])).toEqual([
      [uris[0], 0, middle],
      [uris[1], 0, text.length - middle],
    ])
  })

  it('is an empty result of an empty source', async () => {
    const uri = await fileWith('empty.txt', '')
    const { results } = await analysed([uri])
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({ hit_count: 0, source: [{ name: uri, from: 0, to: 0, watermark: null }] })
  })

  it('names files from the root, so that files of one name in two folders are two', async () => {
    const [result] = (await analysed([path.relative(process.cwd(), FIXTURE)])).results
    expect(rangesOf([result])[0].name).toBe(FIXTURE)
  })

  it('refuses a file that is named twice', async () => {
    await fileWith('a.txt', manyRows(10))
    await expect(analysed([at('a.txt'), folder])).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `${at('a.txt')} is named twice, and its rows would be counted twice`,
      exit: EXIT.usage,
    })
  })
})

describe('with an interval', () => {
  it("cuts by the detector's time, looked at every 256 rows", async () => {
    // through the counter's wrap
    const orbitOf = (i: number) => (4_294_960_000 + i) % 2 ** 32
    const text = Array.from({ length: 25_700 }, (_, i) => `2,0,${i % 128},${orbitOf(i)},1,1\n`).join('')
    const uri = await fileWith('a.txt', text)
    const { results } = await analysed([uri], { intervalMs: 1000 * MS_PER_ORBIT })
    expect(results.map((result) => result.rows.read)).toEqual([...new Array(25).fill(1024), 100])
    expect(compareCounts((await analysed([uri])).results[0], added(results))).toEqual([])
  })

  it('gives results that add up to the one without, and chain through all files', async () => {
    const text = manyRows(20_000)
    const lines = text.split('\n')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2000, max: 60_000 }),
        fc.nat(),
        async (intervalMs, mostLines, seed) => {
          const own = await temporaryFolder()
          let from = 0
          const ends = randomCuts(lines.length, mostLines, seed)
          const uris: string[] = []
          for (const [i, to] of ends.entries()) {
            const file = path.join(own, `data_${i}.txt`)
            await writeFile(file, lines.slice(from, to).join(i % 2 === 0 ? '\n' : '\r\n'))
            uris.push(file)
            from = to
          }
          const [whole] = (await analysed(uris)).results
          const { results } = await analysed([own], { intervalMs })
          expect(compareCounts(whole, added(results))).toEqual([])
          expect(results.every(({ source }) => source.length > 0)).toBe(true)
          await expectWholeFiles(uris, results)
        },
      ),
      { numRuns: 6 },
    )
  })

  it('cuts at the same rows however the source is packed', async () => {
    const records = manyRecords(70_000)
    const text = records.map((record) => `${record === 'malformed' ? 'bad' : record.join()}\n`).join('')
    const intervalMs = 1500 * MS_PER_ORBIT
    const plain = await analysed([await fileWith('a.txt', text)], { intervalMs })
    const packed = await analysed([await fileWith('a.txt.gz', gzipSync(text))], { intervalMs })
    const arrow = await analysed([await fileWith('a.arrow', arrowFile(records, 'file', 3001))], { intervalMs })
    expect(plain.results.length).toBeGreaterThan(20)
    expect(countsOnly(packed.results)).toEqual(countsOnly(plain.results))
    const withoutPlace = (results: readonly Result[]) => results.map(({ source: _, interval: __, ...counts }) => counts)
    expect(withoutPlace(arrow.results)).toEqual(withoutPlace(plain.results))
  })

  it('counts in each result just the records that lie in its range', async () => {
    const text = manyRecords(30_000)
      .map((record) => (record === 'malformed' ? 'bad\r\n' : `${record.join()}\n`))
      .join('')
    const uri = await fileWith('a.txt', text)
    const { results } = await analysed([uri], { intervalMs: 1500 * MS_PER_ORBIT })
    for (const { source, rows } of results) {
      const records = (source as FileRange[]).flatMap(({ from, to }) => recordsIn(Buffer.from(text.slice(from, to))))
      const { late: _, ...classes } = rows
      expect(classes).toEqual(oracleCounts(records).rows)
    }
  })

  it('says in a last result, of orbits alone that the end closed, where it stands', async () => {
    const uri = await fileWith('a.txt', Array.from({ length: 512 }, (_, i) => `2,0,1,${1000 + i},1,1`).join('\n'))
    const { results } = await analysed([uri], { intervalMs: 200 * MS_PER_ORBIT })
    const size = (await readFile(uri)).length
    expect(rangesOf(results).map(({ from, to }) => [from, to])).toEqual([
      [0, 256 * 15 - 1],
      [256 * 15 - 1, size],
      [size, size],
    ])
    expect(results.map((result) => result.rows.read)).toEqual([256, 256, 0])
    expect(results.at(-1)?.hit_count).toBe(512)
    expect(added(results).hit_count).toBe(512)
  })
})

describe('records that cannot be read', () => {
  it('are counted, and the first of them shown with their file and byte', async () => {
    const uris = [
      await fileWith('a.txt', `2,0,1,1,1,1\nbad\n2,0,1,1,1,1\n${'x'.repeat(200)}\ntab\there \xb5\n`),
      await fileWith('b.dat.gz', gzipSync(Buffer.alloc(8 * 3 + 2))),
    ]
    const { results, samples } = await analysed(uris)
    expect(results[0].rows).toMatchObject({ malformed: 4, read: 9 })
    expect(samples).toEqual([
      { where: `${uris[0]} byte 12`, text: 'bad' },
      { where: `${uris[0]} byte 28`, text: `${'x'.repeat(79)}…` },
      { where: `${uris[0]} byte 229`, text: 'tab.here ..' },
      { where: `${uris[1]} byte 24`, text: '' },
    ])
  })

  it('of Arrow are shown with their row', async () => {
    const records: TestRecord[] = [[2, 0, 1, 1, 1, 1], 'malformed', [2, 0, 1, 1, 1, 1]]
    const uri = await fileWith('a.arrow', arrowFile(records, 'stream'))
    const { samples } = await analysed([uri])
    expect(samples).toEqual([{ where: `${uri} row 1`, text: '' }])
  })

  it('are so many that more than the first few are told of, but not all', async () => {
    const { samples, results } = await analysed([await fileWith('a.txt', 'bad\n'.repeat(1000))])
    expect(results[0].rows.malformed).toBe(1000)
    expect(samples).toHaveLength(6)
  })

  it('end it with strict, at the first of them', async () => {
    const uri = await fileWith('a.txt', '2,0,1,1,1,1\nbad\nworse\n')
    await expect(analysed([uri], { strict: true })).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `cannot be read as a record: ${uri} byte 12: bad`,
      exit: EXIT.failure,
    })
    expect((await analysed([FIXTURE], { strict: true })).read).toBe(74)
  })
})

it('stopped in the midst, gives a result that says how far it goes', async () => {
  const text = manyRows(60_000)
  const uri = await fileWith('a.txt', text)
  const stop = new AbortController()
  const { results, read } = await analysed([uri], { signal: stop.signal, onProgress: () => stop.abort() })
  const [{ to }] = rangesOf(results)
  expect(to).toBeLessThan(text.length)
  expectExact(results[0], oracleCounts(recordsIn(Buffer.from(text.slice(0, to)))))
  expect(read).toBeGreaterThan(10_000)
})

/** The ranges of each file begin at its first byte, and end with its last row. */
async function expectWholeFiles(uris: readonly string[], results: readonly Result[]): Promise<void> {
  for (const uri of uris) {
    const ranges = rangesOf(results).filter(({ name }) => name === uri)
    const text = await readFile(uri, 'utf8')
    if (recordsIn(Buffer.from(text)).length === 0) continue
    expect(ranges[0].from).toBe(0)
    expect(ranges.at(-1)?.to).toBeGreaterThanOrEqual(text.trimEnd().length)
    expect(ranges.at(-1)?.to).toBeLessThanOrEqual(text.length)
    for (const [i, { from, to }] of ranges.entries()) {
      expect(to).toBeGreaterThanOrEqual(from)
      if (i > 0) expect(from).toBe(ranges[i - 1].to)
    }
  }
}

describe('hits', () => {
  it('go where they are to go, in parts of which each follows the one before, from all files', async () => {
    const some = stream({ seed: 3, orbits: 400, start: 7000, mostApart: 30 })
    const more = stream({ seed: 4, orbits: 400, start: 20_000, mostApart: 30 })
    const files = [await fileWith('a.txt', textOf(some)), await fileWith('b.txt', textOf(more).repeat(400))]
    const parts: { source: FileRange[]; hits: number }[] = []
    const hits = {
      write: async ({ result, hits }: HitsPart) => {
        parts.push({ source: result.source as FileRange[], hits: hits.length })
      },
    }
    const { results } = await analysed(files, { hits })
    expect(parts.length).toBeGreaterThan(1)
    expect(parts[0].source[0]).toMatchObject({ name: files[0], from: 0 })
    const ends = parts.flatMap(({ source }) => source.filter(({ name }) => name === files[1]))
    expect(ends.slice(1).map(({ from }) => from)).toEqual(ends.slice(0, -1).map(({ to }) => to))
    expect(ends.at(-1)?.to).toBe((await readFile(files[1])).length)
    const { rows } = results[0]
    expect(parts.reduce((sum, part) => sum + part.hits, 0)).toBe(rows.hits + rows.scintillator)
  })
})

import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { compareCounts } from '../../../src/core/results/compare.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { readParts } from '../../../src/sources/read-parts.js'
import { openSources } from '../../../src/sources/registry.js'
import { anyContent, rowsOf } from '../../support/distributed.js'
import { foldText } from '../../support/lane.js'
import { noLog } from '../../support/no-log.js'
import { recordHits } from '../../support/recorded-hits.js'
import { isEvent, type StreamRow, stream, textOf } from '../../support/stream.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
let said: string[]
beforeEach(async () => {
  folder = await temporaryFolder()
  said = []
})

const context = () => ({ run: DEFAULT_RUN, log: noLog, onNotice: (text: string) => said.push(text) })

/** Rows as text, `end` where a run ends. */
async function read(uri: string, from?: { part: number; at: number }): Promise<string[]> {
  const lines: string[] = []
  for await (const { rows, endsRun } of readParts(await openSources([uri], context()), from)) {
    const { head, fpga, channel, orbit, bx, tdc } = rows.columns
    if (endsRun) lines.push('end')
    for (let i = 0; i < rows.length; i++) lines.push([head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]].join())
  }
  return lines
}

const events = (rows: readonly StreamRow[]) => rows.filter(isEvent).map(({ text }) => text)
const rowsOfRuns = (lines: readonly string[]) =>
  lines
    .join('\n')
    .split(/^end$/m)
    .map((run) => run.split('\n').filter(Boolean))

async function files(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

describe('recorded hits as a source', () => {
  it('are the rows that they were, run by run, in an order of which nothing is late, whatever the lanes', {
    timeout: 120_000,
  }, async () => {
    const any = fc.record({
      content: anyContent,
      lanes: fc.integer({ min: 1, max: 4 }),
      rowsPerPart: fc.constantFrom(7, 100, 5000),
      format: fc.constantFrom('arrow', 'parquet'),
    })
    await fc.assert(
      fc.asyncProperty(any, async ({ content, lanes, rowsPerPart, format }) => {
        folder = await temporaryFolder()
        const rows = rowsOf(content)
        await recordHits(`file:${folder}?format=${format}`, rows, { lanes, rowsPerPart })
        const lines = await read(`file:${folder}`)
        const runs = rowsOfRuns(lines)
        expect(runs).toHaveLength(content.runs)
        for (const [run, own] of runs.entries())
          expect(own.toSorted()).toEqual(events(rows.filter((row) => row.run === run)).toSorted())
        const changes = { grace: content.grace + 1024 }
        for (const [run, own] of runs.entries()) {
          const truth = foldText(textOf(rows.filter((row) => row.run === run && isEvent(row))), changes)
          const found = foldText(own.map((line) => `${line}\n`).join(''), changes)
          expect(found.rows.late).toBe(0)
          expect(compareCounts(truth, found)).toEqual([])
        }
        expect(said).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  it('can be read on from any row', async () => {
    const rows = rowsOf({
      seed: 5,
      grace: 64,
      partitions: 3,
      orbits: 60,
      mostApart: 30,
      start: 7,
      runs: 2,
      how: 'random',
    })
    await recordHits(folder, rows, { lanes: 3, rowsPerPart: 20 })
    const lines = await read(folder)
    for (let at = 0; at <= lines.length; at += 13) expect(await read(folder, { part: 0, at })).toEqual(lines.slice(at))
    await expect(read(folder, { part: 0, at: lines.length + 1 })).rejects.toThrow('has only')
  })

  it('keep an hour that goes past the wrap of the counter in order', async () => {
    const rows = stream({ seed: 3, orbits: 400, start: 2 ** 32 - 10_000, mostApart: 100 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 10_000 })
    expect((await files()).map((file) => path.relative(folder, path.dirname(file)))).toEqual([
      'run=0/hour=0',
      'run=0/hour=106',
    ])
    expect(await read(folder)).toEqual(events(rows))
  })

  it('may be named by a glob, and by one file, with rows in other files beside them', async () => {
    const rows = stream({ seed: 3, orbits: 50, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 2, rowsPerPart: 1000 })
    const [first] = await files()
    await writeFile(path.join(folder, 'more.txt'), '2,0,1,5,6,7\n')
    expect(await read(folder)).toHaveLength(events(rows).length + 1)
    expect(await read(`${folder}/run=*/hour=*/dtstream.*`)).toHaveLength(events(rows).length)
    expect(await read(first)).toEqual(events(rows.filter(({ orbit }) => orbit % 2 === 0)))
  })

  it('never take a hidden file that a killed process has left', async () => {
    const rows = stream({ seed: 3, orbits: 50, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 1000 })
    const [file] = await files()
    const { dir, base } = path.parse(file)
    await writeFile(path.join(dir, `.${base}.0123abcd.part`), (await readFile(file)).subarray(0, 100))
    expect(await read(folder)).toEqual(events(rows))
  })

  it('say in a sentence what is missing between ranges', async () => {
    const rows = stream({ seed: 3, orbits: 200, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 50 })
    await rm((await files())[1])
    await read(folder)
    expect(said).toEqual(['gap: no hits of dtstream.data_raw.0 were recorded from offset 50 up to 100'])
  })

  it('are refused where ranges overlap', async () => {
    const rows = stream({ seed: 3, orbits: 200, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 50 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 70 })
    await expect(read(folder)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(/both hold hits from offset 0 on, which would be counted twice$/),
    })
  })

  it('are refused where they are there twice, as Parquet and as Arrow', async () => {
    const rows = stream({ seed: 3, orbits: 20, start: 100, mostApart: 10 })
    for (const format of ['arrow', 'parquet'])
      await recordHits(`file:${folder}?format=${format}`, rows, { lanes: 1, rowsPerPart: 5000 })
    await expect(read(folder)).rejects.toThrow('which would be counted twice')
  })

  it('are read of one group at a time', async () => {
    const rows = stream({ seed: 3, orbits: 20, start: 100, mostApart: 10 })
    for (const group of ['a', 'b']) await recordHits(folder, rows, { lanes: 2, rowsPerPart: 5000, group })
    await expect(read(folder)).rejects.toMatchObject({
      message: 'these are 2 recordings, of a.data_raw and b.data_raw, and one can be read at a time',
      suggestions: ["a glob names one: 'FOLDER/run=*/hour=*/a.data_raw.*'"],
    })
    expect(await read(`${folder}/run=*/hour=*/a.data_raw.*`)).toHaveLength(events(rows).length)
  })

  it('are refused with the run file of another detector', async () => {
    const rows = stream({ seed: 3, orbits: 20, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 5000, geometry: '0123456789abcdef' })
    await expect(read(folder)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringContaining("the run file's digest was 0123456789abcdef, and is "),
      suggestions: ['name the run file that it was recorded with: --run FILE'],
    })
  })

  it.each(['parquet', 'arrow'])('say which %s file is damaged', async (format) => {
    const rows = stream({ seed: 3, orbits: 500, start: 100, mostApart: 10 })
    await recordHits(`file:${folder}?format=${format}`, rows, { lanes: 1, rowsPerPart: 5000 })
    const [file] = await files()
    const bytes = await readFile(file)
    await writeFile(file, bytes.subarray(0, bytes.length - 20))
    await expect(read(folder)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(`^cannot read ${file}: it is no `),
    })
  })

  it('say so of a file that is not where hits are recorded', async () => {
    const rows = stream({ seed: 3, orbits: 20, start: 100, mostApart: 10 })
    await recordHits(folder, rows, { lanes: 1, rowsPerPart: 5000 })
    const [file] = await files()
    await rename(file, path.join(folder, 'mine.parquet'))
    await expect(read(path.join(folder, 'mine.parquet'))).rejects.toThrow('holds recorded hits, but is not where')
  })
})

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Table, tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { beforeEach, describe, expect, it } from 'vitest'
import { createHitColumns, type HitColumns } from '../../../src/core/hits/hit-columns.js'
import type { Result } from '../../../src/core/results/result.js'
import { SCINTILLATOR } from '../../../src/core/run-file/chamber-map.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { EXIT } from '../../../src/errors.js'
import { openHitsSink } from '../../../src/sinks/hits/registry.js'
import { chainedResult } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
const open = (uri: string) => openHitsSink(uri, { group: 'dtstream', run: DEFAULT_RUN })

/** run, orbit, chamber, cell, time */
type Row = readonly [number, number, number, number, number]

function hitsOf(rows: readonly Row[]): HitColumns {
  const hits = createHitColumns(rows.length)
  for (const [run, orbit, chamber, cell, time] of rows) {
    const i = hits.length++
    hits.run[i] = run
    hits.orbit[i] = orbit
    hits.chamber[i] = chamber
    hits.cell[i] = cell
    hits.time[i] = time
  }
  return hits
}

const ROWS: readonly Row[] = [
  [0, 4_000_000_000, 0, 3, 30],
  [0, 4_000_000_000, SCINTILLATOR, 0, 33],
  [0, 4_000_000_001, 3, 60, 106_919],
  [0, 4_000_000_001, 2, 5, 0],
  [0, 4_000_000_007, 1, 2, 31.5],
]
const HOUR = 99

async function files(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

async function tableOf(file: string): Promise<Table> {
  const bytes = await readFile(path.join(folder, file))
  return tableFromIPC(file.endsWith('.parquet') ? readParquet(bytes).intoIPCStream() : bytes)
}

const values = (table: Table, name: string) =>
  Array.from({ length: table.numRows }, (_, i) => table.getChild(name)?.get(i))

describe.each(['parquet', 'arrow'] as const)('hits in %s files', (format) => {
  it('are columns of detector coordinates, by run and hour', async () => {
    const sink = await open(`file:${folder}/?format=${format}`)
    const result = chainedResult(100, 2)
    await sink.write({ result, hits: hitsOf(ROWS) })
    await sink.close()
    const [file, ...others] = await files()
    expect(others).toEqual([])
    expect(file).toMatch(
      new RegExp(
        `^run=0/hour=${HOUR}/dtstream\\.data_raw\\.0\\.0{12}20000000-0{12}20000\\d{3}\\.[0-9a-f]{12}\\.${format}$`,
      ),
    )
    const table = await tableOf(file)
    const types = table.schema.fields.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)
    expect(types).toEqual(['orbit Uint32', 'chamber Uint8?', 'layer Uint8?', 'wire Uint8?', 'time_ns Float64'])
    expect(values(table, 'orbit')).toEqual(ROWS.map(([, orbit]) => orbit))
    expect(values(table, 'chamber')).toEqual([0, null, 3, 2, 1])
    // from the bottom: channels 3, 1, 2, 0 modulo 4
    expect(values(table, 'layer')).toEqual([1, null, 4, 2, 3])
    expect(values(table, 'wire')).toEqual([0, null, 15, 1, 0])
    expect(values(table, 'time_ns')).toEqual([25, 27.5, 89_099.16666666667, 0, 26.25])
    const [{ from, to }] = result.source
    expect(Object.fromEntries(table.schema.metadata)).toEqual({
      schema: 'dtstream.hits/1',
      geometry: result.geometry,
      group: 'dtstream',
      run: '0',
      source: JSON.stringify([{ topic: 'data_raw', partition: 0, from, to }]),
    })
  })

  it('are the same file again from another worker', async () => {
    for (let worker = 0; worker < 2; worker++) {
      const sink = await open(`file:${folder}?format=${format}`)
      await sink.write({ result: chainedResult(100), hits: hitsOf(ROWS) })
      await sink.close()
    }
    expect(await files()).toHaveLength(1)
  })

  it('of two hours and two runs are files of one range', async () => {
    const sink = await open(`file:${folder}?format=${format}`)
    const rows: Row[] = [0, 1, 2].flatMap((i) => [
      [0, 40_404_038 + i, 0, i, i],
      [0, 40_404_041 + i, 0, i, i],
      [1, 7 + i, SCINTILLATOR, 0, i],
    ])
    await sink.write({ result: chainedResult(100), hits: hitsOf(rows) })
    await sink.close()
    const found = await files()
    expect(found.map((file) => path.dirname(file))).toEqual(['run=0/hour=0', 'run=0/hour=1', 'run=1/hour=0'])
    const ranges = found.map((file) => path.basename(file).split('.').slice(0, 4).join('.'))
    expect(new Set(ranges).size).toBe(1)
    const orbits = await Promise.all(found.map(async (file) => values(await tableOf(file), 'orbit')))
    expect(orbits).toEqual([
      [40_404_038, 40_404_039, 40_404_040],
      [40_404_041, 40_404_042, 40_404_043],
      [7, 8, 9],
    ])
  })

  it('are a table without rows where rows had no hit, and no file where there were no rows', async () => {
    const sink = await open(`file:${folder}?format=${format}`)
    const result: Result = chainedResult(100)
    const [range] = result.source
    await sink.write({
      result: { ...result, source: [{ ...range, watermark: 50_000_000 }] },
      hits: createHitColumns(0),
    })
    await sink.write({ result: { ...result, source: [{ ...range, from: range.to }] }, hits: createHitColumns(0) })
    await sink.close()
    const found = await files()
    expect(found.map((file) => path.dirname(file))).toEqual(['run=0/hour=1'])
    expect((await tableOf(found[0])).numRows).toBe(0)
  })
})

describe('a place for hits', () => {
  it('is Parquet unless told otherwise, and made where it is missing', async () => {
    folder = path.join(folder, 'made/here')
    const sink = await open(folder)
    await sink.write({ result: chainedResult(100), hits: hitsOf(ROWS) })
    await sink.abort()
    expect((await files())[0]).toMatch(/\.parquet$/)
  })

  it.each([
    ['stdout:', "stdout:: hits cannot be written to 'stdout:'"],
    ['fiel:x', "fiel:x: hits cannot be written to 'fiel:'; did you mean 'file:'?"],
    ['file:', 'file: names no place for hits'],
    ['file:x?format=ndjson', "file:x?format=ndjson: format is parquet or arrow, not 'ndjson'"],
    ['file:x?overwrite=true', "file:x?overwrite=true: file: has no option 'overwrite'"],
  ])('is not %s', async (uri, message) => {
    await expect(open(uri)).rejects.toMatchObject({ name: 'ExpectedError', message, exit: EXIT.usage })
  })

  it('goes on after a part that could not be written', async () => {
    const sink = await open(folder)
    await mkdir(path.join(folder, 'run=0'))
    const hour = path.join(folder, 'run=0', `hour=${HOUR}`)
    await writeFile(hour, '')
    const part = { result: chainedResult(100), hits: hitsOf(ROWS) }
    await expect(sink.write(part)).rejects.toThrow(`cannot write ${hour}`)
    await rm(hour)
    await sink.write(part)
    await sink.close()
    expect(await files()).toHaveLength(1)
  })
})

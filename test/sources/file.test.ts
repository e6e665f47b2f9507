import { execFileSync } from 'node:child_process'
import { appendFile, chmod, mkdir, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { RecordBatchStreamWriter, tableFromArrays } from 'apache-arrow'
import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { EXIT } from '../../src/errors.js'
import { readParts, type SourcePosition } from '../../src/sources/read-parts.js'
import { describeSources, openSources } from '../../src/sources/registry.js'
import { noLog } from '../support/no-log.js'
import { arrowFile, manyRecords, type TestRecord, textFile, zstdFrame } from '../support/row-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONTEXT = { run: DEFAULT_RUN, log: noLog }
const RECORDS = manyRecords(50)

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (...names: string[]) => path.join(folder, ...names)
const open = (...uris: string[]) => openSources(uris, CONTEXT)

/** Orbits of all rows from a position on. */
async function orbitsIn(uris: string[], from?: SourcePosition): Promise<number[]> {
  const orbits: number[] = []
  for await (const { rows } of readParts(await open(...uris), from))
    orbits.push(...rows.columns.orbit.subarray(0, rows.length))
  return orbits
}

function orbitsOf(records: readonly TestRecord[]): number[] {
  return records.flatMap((record) => (record === 'malformed' ? [] : [record[3]]))
}

/** Makes files with one row each, whose orbit is the place of the file in the list. */
async function makeFiles(...names: string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    await mkdir(path.dirname(at(name)), { recursive: true })
    await writeFile(at(name), `2,0,1,${i},1,1\n`)
  }
}

const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    name: 'ExpectedError',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

describe('files of a folder or a glob', () => {
  it('come in natural order, folder by folder', async () => {
    await makeFiles('r2/a_9.txt', 'r2/a_10.csv', 'r10/a_1.txt', 'r10/a_02.txt', 'r10/a_2.txt', 'r10/a_11.txt')
    expect(await orbitsIn([at('r{2,10}/*')])).toEqual([0, 1, 2, 3, 4, 5])
    expect(await orbitsIn([at('r10'), at('r2')])).toEqual([2, 3, 4, 5, 0, 1])
  })

  it('that natural order cannot tell apart come in one order always', async () => {
    await makeFiles('a_02.txt', 'a_2.txt', 'a_0002.txt', 'a_002.txt', 'a_00002.txt')
    expect(await orbitsIn([folder])).toEqual([4, 2, 3, 0, 1])
  })

  it('are named as the glob is: relative, or from the root', async () => {
    await makeFiles('a.txt')
    const [absolute] = await open(at('*.txt'))
    expect(absolute).toMatchObject({ name: at('a.txt'), id: at('a.txt') })
    const [relative] = await open(path.relative(process.cwd(), at('*.txt')))
    expect(relative).toMatchObject({ name: path.relative(process.cwd(), at('a.txt')), id: at('a.txt') })
  })

  it('may have brackets in their names', async () => {
    await makeFiles('run [1]/data {a}.txt', 'run 1/data.txt')
    expect(await orbitsIn([at('run [1]')])).toEqual([0])
    expect(await orbitsIn([at('run [1]', 'data {a}.txt')])).toEqual([0])
  })

  it('are those whose extension says so; a glob takes what it matches', async () => {
    await makeFiles('a.txt', 'b.csv', 'c.log', 'd.json', 'sub/e.txt')
    expect(await orbitsIn([folder])).toEqual([0, 1])
    expect(await orbitsIn([at('*.{log,json}')])).toEqual([2, 3])
  })
})

describe('a file', () => {
  it('may be a pipe, which can be read on in too', async () => {
    execFileSync('mkfifo', [at('pipe')])
    const feeding = [writeFile(at('pipe'), textFile(RECORDS))]
    expect(await orbitsIn([at('pipe')])).toEqual(orbitsOf(RECORDS))
    feeding.push(writeFile(at('pipe'), textFile(RECORDS)))
    const position = { part: 0, at: textFile(RECORDS.slice(0, 20)).length }
    expect(await orbitsIn([at('pipe')], position)).toEqual(orbitsOf(RECORDS.slice(20)))
    await Promise.all(feeding)
  })

  it('may grow after it was opened', async () => {
    await writeFile(at('a.txt'), textFile(RECORDS.slice(0, 20)))
    const [part] = await open(at('a.txt'))
    await appendFile(at('a.txt'), textFile(RECORDS.slice(20)))
    const orbits: number[] = []
    for await (const { rows } of readParts([part])) orbits.push(...rows.columns.orbit.subarray(0, rows.length))
    expect(orbits).toEqual(orbitsOf(RECORDS))
  })

  it('that shrank since it was read is refused', async () => {
    await writeFile(at('a.txt'), textFile(RECORDS))
    await truncate(at('a.txt'), 100)
    await expect(orbitsIn([at('a.txt')], { part: 0, at: 200 })).rejects.toEqual(
      refusal(`${at('a.txt')} has only 100 bytes, but reading is to go on at byte 200`),
    )
  })

  it('that cannot be opened, or not even looked for, is refused', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file')
    await makeFiles('a.txt', 'sub/b.txt')
    await chmod(at('a.txt'), 0)
    await expect(orbitsIn([at('a.txt')])).rejects.toEqual(refusal(`cannot read ${at('a.txt')}: permission denied`))
    await chmod(at('sub'), 0)
    await expect(open(at('sub/b.txt'))).rejects.toEqual(refusal(`cannot look at ${at('sub/b.txt')}: permission denied`))
    await chmod(at('sub'), 0o700)
  })

  it('of which gzip lacks the end gives its beginning, and then says so', async () => {
    const records = manyRecords(70_000)
    const bytes = gzipSync(textFile(records))
    await writeFile(at('a.txt.gz'), bytes.subarray(0, bytes.length - 2000))
    let rows = 0
    const reading = async () => {
      for await (const block of readParts(await open(at('a.txt.gz')))) rows += block.rows.length
    }
    await expect(reading()).rejects.toEqual(
      refusal(`cannot read ${at('a.txt.gz')}: it ends in the midst of its compressed data`),
    )
    expect(rows).toBeGreaterThan(1000)
  })

  it.each([
    ['a.txt.gz', textFile(RECORDS), 'its compressed data are damaged, or none'],
    ['a.txt.zst', textFile(RECORDS), 'its compressed data are damaged, or none'],
    ['a.txt.zst', zstdFrame(textFile(RECORDS)).subarray(0, -9), 'it ends in the midst of its compressed data'],
    ['a.arrow', textFile(RECORDS), 'it is no Arrow IPC file or stream, or not a whole one'],
    ['a.arrow', arrowFile(RECORDS, 'file').subarray(0, -100), 'it is no Arrow IPC file or stream, or not a whole one'],
    [
      'a.arrow',
      arrowFile(RECORDS, 'stream').subarray(0, -500),
      'it is no Arrow IPC file or stream, or not a whole one',
    ],
  ])('%s that is not what its name says is refused: %#', async (name, bytes, reason) => {
    await writeFile(at(name), bytes)
    await expect(orbitsIn([at(name)])).rejects.toEqual(refusal(`cannot read ${at(name)}: ${reason}`))
  })

  it('of zstd may have several frames, with and without checksum, as its own program makes them', async () => {
    const zst = new URL('../fixtures/minidt_head_72_twice.txt.zst', import.meta.url).pathname
    const once = await orbitsIn([new URL('../fixtures/minidt_head_72.txt', import.meta.url).pathname])
    expect(once.length).toBe(74)
    expect(await orbitsIn([zst])).toEqual([...once, ...once])
  })

  it('of Arrow without the columns of rows is refused', async () => {
    const table = tableFromArrays({ HEAD: [2], FPGA: [0], channel: [1] })
    await writeFile(at('a.arrow'), RecordBatchStreamWriter.writeAll(table).toUint8Array(true))
    await expect(orbitsIn([at('a.arrow')])).rejects.toEqual(
      refusal(`${at('a.arrow')} is a table without the columns of rows`),
    )
  })
})

describe('several sources', () => {
  it('are read one after the other, and positions name the part', async () => {
    await makeFiles('a.txt', 'b.txt', 'c.txt')
    const uris = [at('b.txt'), `file:${at('a.txt')}`, folder]
    expect(await orbitsIn(uris)).toEqual([1, 0, 0, 1, 2])
    expect(await orbitsIn(uris, { part: 1, at: 0 })).toEqual([0, 0, 1, 2])
    expect(await orbitsIn(uris, { part: 3, at: '2,0,1,1,1,1'.length })).toEqual([2])
  })

  it('are refused where there is no such scheme, with the one that was meant', async () => {
    await expect(open('fil:a.txt')).rejects.toMatchObject({
      name: 'ExpectedError',
      message: "fil:a.txt: there is no source 'fil:'; did you mean 'file:'?",
      suggestions: ['sources of rows: file: s3: sim: topic:', 'a plug-in with another is named with --plugin'],
      exit: EXIT.usage,
    })
  })

  it('describe themselves', async () => {
    const specs = await describeSources()
    expect(specs.map(({ scheme }) => scheme)).toEqual(['file', 's3', 'sim', 'topic'])
    for (const { usage, scheme } of specs) expect(usage).toMatch(new RegExp(`^${scheme}:`))
  })
})

describe('the simulator as a source', () => {
  it.each(['0', '-1', '1.5', 'many', ''])('refuses rows=%s', async (rows) => {
    await expect(open(`sim:?rows=${rows}`)).rejects.toEqual(refusal(/rows/))
  })

  it('passes its other options on', async () => {
    await expect(open('sim:?muons=-1')).rejects.toEqual(refusal(/muons/))
    const [a, b] = await Promise.all([orbitsIn(['sim:?rows=500&seed=1']), orbitsIn(['sim:?rows=500&seed=2'])])
    expect(a).not.toEqual(b)
  })

  it('never ends where no rows are given', async () => {
    const [part] = await open('sim:')
    expect(part.size).toBeUndefined()
    let rows = 0
    for await (const block of readParts([part])) {
      rows += block.rows.length
      if (rows > 200_000) break
    }
    expect(rows).toBeGreaterThan(200_000)
  })
})

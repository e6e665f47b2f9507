import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { resultFileName } from '../../src/core/results/file-names.js'
import { EXIT } from '../../src/errors.js'
import { openSink } from '../../src/sinks/registry.js'
import { noLog } from '../support/no-log.js'
import { chainedResult } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const open = (uri: string, group = 'test') => openSink(uri, { log: noLog, stdout: process.stdout, group })

describe('a folder of results', () => {
  it('gets one file a result, named by lane, range and content, in the order of the ranges', async () => {
    const sink = await open(`file:${at('made/below')}/`)
    expect(sink).toMatchObject({ durable: 'write', idempotent: true })
    const results = [0, 1, 2].map((i) => chainedResult(100, i))
    for (const result of [...results].reverse()) await sink.write(result)
    await sink.close()
    const names = (await readdir(at('made/below'))).sort()
    expect(names).toEqual(results.map((result) => `${resultFileName('test', result)}.ndjson`))
    expect(names[1]).toMatch(/^test\.data_raw\.0\.00000000000010000000-00000000000010000\d{3}\.[0-9a-f]{12}\.ndjson$/)
    expect(await readFile(at(`made/below/${names[2]}`), 'utf8')).toBe(`${JSON.stringify(results[2])}\n`)
  })

  it('has each file for good when its write resolves', async () => {
    const sink = await open(`file:${folder}/`)
    await sink.write(chainedResult(100))
    expect(await readdir(folder)).toEqual([`${resultFileName('test', chainedResult(100))}.ndjson`])
    await sink.close()
  })

  it.each([
    ['a folder that is there', (name: string) => name],
    ['a link to a folder', (name: string) => `${name}-link`],
    ['a bare path to a folder', (name: string) => name],
  ])('is meant by %s, without a stroke at its end', async (what, nameOf) => {
    await mkdir(at('there.ndjson'))
    await symlink(at('there.ndjson'), at('there.ndjson-link'))
    const sink = await open(
      what.startsWith('a bare') ? at('there.ndjson') : `file:${nameOf(at('there.ndjson'))}?format=arrow`,
    )
    await sink.write(chainedResult(100))
    await sink.close()
    expect(await readdir(at('there.ndjson'))).toHaveLength(1)
  })

  it('goes on after a write that failed', async () => {
    const sink = await open(`file:${folder}/`)
    await writeFile(at('taken'), '')
    const name = `${resultFileName('test', chainedResult(100))}.ndjson`
    await expect(sink.write({ ...chainedResult(100), geometry: NOT_JSON })).rejects.toThrow('no JSON')
    await sink.write(chainedResult(100))
    await sink.close()
    expect((await readdir(folder)).sort()).toEqual(['taken', name].sort())
  })

  it.each([
    ['?overwrite=true', 'overwrite means nothing here: in a folder nothing is replaced'],
    ['?format=csv', "format is ndjson, arrow, parquet, not 'csv'"],
  ])('refuses %s', async (options, sentence) => {
    await expect(open(`file:${folder}/${options}`)).rejects.toMatchObject({
      message: `file:${folder}/${options}: ${sentence}`,
      exit: EXIT.usage,
    })
  })

  it('refuses a format for one file, whose extension says it', async () => {
    await expect(open(`file:${at('out.ndjson')}?format=arrow`)).rejects.toThrow('format means nothing here')
    expect(await readdir(folder)).toEqual([])
  })

  it('says what keeps it from being made', async () => {
    await writeFile(at('plain'), '')
    await expect(open(`file:${at('plain/below')}/`)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `cannot write ${at('plain/below')}/: its folder is a file`,
    })
  })
})

/** Makes JSON.stringify fail, as nothing that a lane sends does. */
const NOT_JSON = {
  toJSON() {
    throw new Error('no JSON')
  },
} as unknown as string

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { rootJson } from '../../src/core/interchange/root.js'
import { uhiJson } from '../../src/core/interchange/uhi.js'
import { emptyResult } from '../../src/core/results/empty-result.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openSink } from '../../src/sinks/registry.js'
import { sumOf } from '../support/lane-topic.js'
import { noLog } from '../support/no-log.js'
import { chainedResult } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const open = (name: string, run = DEFAULT_RUN) =>
  openSink(join(folder, name), { log: noLog, stdout: process.stdout, group: 'test', run })
const read = (name: string) => readFile(join(folder, name), 'utf8')

describe.each([
  ['sum.root.json', rootJson],
  ['sum.uhi.json', uhiJson],
])('%s', (name, write) => {
  it('has the sum of all results, each once', async () => {
    const results = [0, 1, 2].map((n) => chainedResult(2000, n))
    const sink = await open(name)
    // the second one again, as after a crash
    for (const result of [...results, results[1]]) await sink.write(result)
    expect(await readdir(folder)).not.toContain(name)
    await sink.close()
    expect(await read(name)).toBe(write(sumOf(results), DEFAULT_RUN))
    expect(await readdir(folder)).toEqual([name])
  })

  it('is there without any result, too, and not when it was given up', async () => {
    const givenUp = await open(name)
    await givenUp.write(chainedResult(200, 0))
    await givenUp.abort()
    expect(await readdir(folder)).toEqual([])
    await (await open(name)).close()
    expect(await read(name)).toBe(write(emptyResult(DEFAULT_RUN), DEFAULT_RUN))
  })

  it('takes no result of another run file', async () => {
    const other = { ...DEFAULT_RUN, name: 'other', cell: { ...DEFAULT_RUN.cell, width_mm: 40 } }
    const sink = await open(name, other)
    await expect(sink.write(chainedResult(200, 0))).rejects.toMatchObject({
      message: `the results were made with another run file than 'other' (geometry ${geometryDigest(DEFAULT_RUN)})`,
      suggestions: ['--run names the run file that process was given'],
    })
    await sink.abort()
    expect(await readdir(folder)).toEqual([])
  })

  it('replaces another one only when asked to', async () => {
    await writeFile(join(folder, name), 'kept')
    await expect(open(name)).rejects.toThrow('exists already')
    expect(await read(name)).toBe('kept')
  })
})

it.each(['sum.json', '.root.json', 'root.json', 'sum.root'])('%s is no kind of file by its name', async (name) => {
  await expect(open(name)).rejects.toMatchObject({
    message: expect.stringMatching(/that results are written to$/),
    suggestions: expect.arrayContaining([expect.stringContaining('.root.json')]),
  })
})

it('a folder gets results themselves, no histograms', async () => {
  const uri = `file:${folder}/each/?format=root.json`
  await expect(openSink(uri, { log: noLog, stdout: process.stdout, group: 'test' })).rejects.toThrow(
    "format is ndjson, arrow, parquet, not 'root.json'",
  )
})

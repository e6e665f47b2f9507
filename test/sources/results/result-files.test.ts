import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { openSink } from '../../../src/sinks/registry.js'
import type { Foreign } from '../../../src/sources/results/foreign.js'
import { readResults } from '../../../src/sources/results/read-results.js'
import { noLog } from '../../support/no-log.js'
import { chainedResult, expectSameResults } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const RESULTS = [0, 1, 2, 3, 10].map((number) => chainedResult(1000, number))

async function write(uri: string): Promise<void> {
  const sink = await openSink(uri, { log: noLog, stdout: process.stdout, group: 'test' })
  for (const result of RESULTS) await sink.write(result)
  await sink.close()
}

async function read(...uris: string[]): Promise<{ results: Result[]; foreign: Foreign[] }> {
  const foreign: Foreign[] = []
  const results: Result[] = []
  const context = { log: noLog, onForeign: (one: Foreign) => foreign.push(one) }
  for await (const result of readResults(uris, context)) results.push(result)
  return { results, foreign }
}

describe.each(['ndjson', 'arrow', 'parquet'])('a folder of .%s files, one a result', (format) => {
  it('is read in the order of the ranges; what a killed process has left is none of them', async () => {
    const folder = await temporaryFolder()
    await write(`file:${folder}/?format=${format}`)
    const [name] = await readdir(folder)
    const torn = (await readFile(path.join(folder, name))).subarray(0, 40)
    await writeFile(path.join(folder, `.${name}.0123abcd.part`), torn)
    const { results, foreign } = await read(folder)
    expectSameResults(results, RESULTS)
    expect(foreign).toEqual([])
  })
})

describe('a Parquet file of results', () => {
  it('gives them back to the last count', async () => {
    const file = path.join(await temporaryFolder(), 'all.parquet')
    await write(file)
    expectSameResults((await read(file)).results, RESULTS)
  })

  it('is told of where it is cut short, is none, or is another table', async () => {
    const folder = await temporaryFolder()
    const at = (name: string) => path.join(folder, name)
    await write(at('whole.parquet'))
    const whole = await readFile(at('whole.parquet'))
    await writeFile(at('cut.parquet'), whole.subarray(0, -30))
    await writeFile(at('text.parquet'), 'no Parquet at all')
    await writeFile(at('empty.parquet'), '')
    const { results, foreign } = await read(...['cut', 'text', 'empty'].map((name) => at(`${name}.parquet`)))
    expect(results).toEqual([])
    expect(foreign.map(({ where }) => path.basename(where))).toEqual(['cut.parquet', 'text.parquet', 'empty.parquet'])
    for (const { reason } of foreign) expect(reason).toMatch(/^it cannot be read as Parquet: /)
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { tableFromIPC } from 'apache-arrow'
import { beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors.js'
import { openSink } from '../../src/sinks/registry.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONTEXT = { log: () => Promise.reject(new Error('no log is needed')), stdout: process.stdout, group: 'test' }

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const open = (uri: string) => openSink(uri, CONTEXT)

describe('a file of results', () => {
  it('is not there under its name before it is whole', async () => {
    const sink = await open(`file:${at('out.ndjson')}`)
    await sink.write(resultOfSize(100))
    const [hidden, ...others] = await readdir(folder)
    expect(hidden).toMatch(/^\.out\.ndjson\.[0-9a-f]{8}\.part$/)
    expect(others).toEqual([])
    await sink.close()
    expect(await readdir(folder)).toEqual(['out.ndjson'])
  })

  it('has every result that a write resolved for with the operating system: nothing is held back', async () => {
    const sink = await open(at('out.ndjson'))
    let expected = 0
    for (const i of [0, 1, 2]) {
      await sink.write(resultOfSize(1000, i))
      expected += JSON.stringify(resultOfSize(1000, i)).length + 1
      const [hidden] = await readdir(folder)
      expect((await stat(at(hidden))).size).toBe(expected)
    }
    await sink.close()
  })

  it('is meant by a bare path', async () => {
    const sink = await open(at('out.ndjson'))
    await sink.write(resultOfSize(100))
    await sink.close()
    expect(await readFile(at('out.ndjson'), 'utf8')).toBe(`${JSON.stringify(resultOfSize(100))}\n`)
  })

  it.each(['out.ndjson', 'out.arrow'])('does not replace %s', async (name) => {
    await writeFile(at(name), 'kept')
    await expect(open(`file:${at(name)}`)).rejects.toMatchObject({
      message: `${at(name)} exists already`,
      suggestions: expect.arrayContaining([`file:${at(name)}?overwrite=true replaces it`]),
    })
    await expect(open(`file:${at(name)}?overwrite=false`)).rejects.toThrow('exists already')
    expect(await readFile(at(name), 'utf8')).toBe('kept')
    expect(await readdir(folder)).toEqual([name])
  })

  it('replaces a file with overwrite=true, and only when the new one is whole', async () => {
    await writeFile(at('out.ndjson'), 'old')
    const givenUp = await open(`file:${at('out.ndjson')}?overwrite=true`)
    await givenUp.write(resultOfSize(100))
    await givenUp.abort()
    expect(await readFile(at('out.ndjson'), 'utf8')).toBe('old')
    const sink = await open(`file:${at('out.ndjson')}?overwrite=true`)
    await sink.write(resultOfSize(100))
    expect(await readFile(at('out.ndjson'), 'utf8')).toBe('old')
    await sink.close()
    expect(await readFile(at('out.ndjson'), 'utf8')).toBe(`${JSON.stringify(resultOfSize(100))}\n`)
    expect(await readdir(folder)).toEqual(['out.ndjson'])
  })

  it('keeps both where somebody else has written the same file meanwhile', async () => {
    const sink = await open(at('out.ndjson'))
    await sink.write(resultOfSize(100))
    await writeFile(at('out.ndjson'), 'theirs')
    await expect(sink.close()).rejects.toThrow(
      /out\.ndjson was written by somebody else meanwhile; the results are in /,
    )
    await sink.abort()
    expect(await readFile(at('out.ndjson'), 'utf8')).toBe('theirs')
    const [hidden] = (await readdir(folder)).filter((name) => name.startsWith('.'))
    expect(await readFile(at(hidden), 'utf8')).toBe(`${JSON.stringify(resultOfSize(100))}\n`)
  })

  it.each([
    ['out.csv', '.csv is none of the kinds of file that results are written to'],
    ['out', 'it has no extension that says which kind of file that results are written to'],
    ['out.ndjson.gz', '.gz is none of the kinds of file'],
  ])('refuses %s, whose kind it does not know', async (name, sentence) => {
    await expect(open(`file:${at(name)}`)).rejects.toMatchObject({
      message: expect.stringContaining(sentence),
      suggestions: [
        'name it .ndjson, .jsonl, .arrow, .parquet, .root.json, .uhi.json',
        'end it in / for one file a result',
      ],
      exit: EXIT.usage,
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses an overwrite that is neither true nor false', async () => {
    await expect(open(`file:${at('out.ndjson')}?overwrite=yes`)).rejects.toThrow(
      "overwrite is 'true' or 'false', not 'yes'",
    )
  })

  it('says what keeps it from being written', async () => {
    await writeFile(at('plain'), '')
    const cases = [
      [at('missing/out.ndjson'), 'its folder does not exist'],
      [at('plain/out.ndjson'), 'its folder is a file'],
      [at(`${'n'.repeat(300)}.ndjson`), 'its name is too long'],
    ]
    for (const [file, reason] of cases) {
      await expect(open(`file:${file}`)).rejects.toMatchObject({
        name: 'ExpectedError',
        message: `cannot write ${file}: ${reason}`,
      })
    }
    expect(await readdir(folder)).toEqual(['plain'])
  })

  it.each(['out.ndjson', 'out.arrow'])('leaves nothing of %s where the file cannot grow any more', async (name) => {
    const { code, stdout } = await withSmallFiles(`
      import { readdirSync } from 'node:fs'
      import { openSink } from './src/sinks/registry.ts'
      import { resultOfSize } from './test/support/results.ts'
      const sink = await openSink(${JSON.stringify(at(name))}, { log: () => {}, stdout: process.stdout, group: 'test' })
      try {
        for (let i = 0; i < 1000; i++) await sink.write(resultOfSize(20_000, i))
        await sink.close()
      } catch (error) {
        console.log(error.name, error.message)
      }
      console.log(readdirSync(${JSON.stringify(folder)}))
      await sink.write(resultOfSize(100)).catch((error) => console.log(error.message))
      await sink.abort()
    `)
    const sentence = `cannot write ${at(name)}: it would be larger than a file may be here`
    expect(stdout).toBe(`ExpectedError ${sentence}\n[]\n${sentence}\n`)
    expect(code).toBe(0)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('an Arrow file of results', () => {
  it('is written in record batches of bounded size as results come', async () => {
    const sink = await open(at('out.arrow'))
    for (let i = 0; i < 600; i++) await sink.write(resultOfSize(50, i))
    const [hidden] = await readdir(folder)
    const grown = (await stat(at(hidden))).size
    expect(grown).toBeGreaterThan(0)
    const long = resultOfSize(2_000_000)
    for (let msg_ID = 600; msg_ID < 603; msg_ID++) await sink.write({ ...long, msg_ID })
    await sink.close()
    const table = tableFromIPC(await readFile(at('out.arrow')))
    expect(table.batches.map((batch) => batch.numRows)).toEqual([256, 256, 90, 1])
    expect(table.getChild('msg_ID')?.toArray()).toEqual(BigInt64Array.from({ length: 603 }, (_, i) => BigInt(i)))
  })

  it('is a table without rows where nothing was written', async () => {
    const sink = await open(at('out.arrow'))
    await sink.close()
    const table = tableFromIPC(await readFile(at('out.arrow')))
    expect(table.numRows).toBe(0)
    expect(table.schema.fields.map(({ name }) => name)).toContain('drift_time_chamber_hist_counts')
  })
})

/** Runs a module of ours where no file may be larger than some 50 kB. */
async function withSmallFiles(module: string): Promise<{ code: number; stdout: string }> {
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', module]
  const child = spawn('sh', ['-c', 'ulimit -f 100 && exec "$@"', 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // what tsx would otherwise keep on the disk may be larger than allowed
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { code, stdout }
}

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compareCounts } from '../../../src/core/results/compare.js'
import { NS_PER_ORBIT } from '../../../src/core/run-file/run-file.js'
import { EXIT, ExpectedError } from '../../../src/errors.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { shuffledWithin, stream, textOf } from '../../support/stream.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { LocalSpark } from '../support/local-spark.js'
import { added, analysedByCore, analysedOnSpark } from './on-spark.js'

let spark: LocalSpark
let session: SparkSession
beforeAll(async () => {
  spark = await LocalSpark.start()
  session = new SparkSession(spark.endpoint)
})
afterAll(async () => {
  session?.close()
  await spark?.stop()
})

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

async function fileWith(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, bytes)
  return file
}

const ROW = '2,0,75,5,2922,2\n'

async function refused(uris: readonly string[], changes: Parameters<typeof analysedOnSpark>[2] = {}) {
  const error = await analysedOnSpark(session, uris, changes).then(
    () => expect.unreachable(),
    (error) => error,
  )
  expect(error).toBeInstanceOf(ExpectedError)
  return error as ExpectedError
}

describe('with an interval', () => {
  it('gives a result for each window of detector time, whose sum is that of all', async () => {
    const text = textOf(
      shuffledWithin(500, stream({ seed: 6, orbits: 4000, start: 2 ** 32 - 40_000, mostApart: 30 }), 6),
    )
    const uris = [await fileWith('1.txt', text.slice(0, 40_000)), await fileWith('2.txt', text.slice(40_000))]
    const intervalMs = 500
    const { results } = await analysedOnSpark(session, uris, { intervalMs })
    const windowOrbits = (intervalMs * 1e6) / NS_PER_ORBIT
    expect(results.length).toBeGreaterThan(5)
    for (const { orbits, source } of results) {
      const [from, to] = [orbits.first, orbits.last].map(
        (orbit) => Number(orbit) + (Number(orbit) < 2 ** 31 ? 2 ** 32 : 0),
      )
      expect(Math.floor(from / windowOrbits)).toBe(Math.floor(to / windowOrbits))
      expect(source[0].watermark).not.toBeNull()
    }
    expect(results.slice(1).every(({ rows }) => rows.read === 0)).toBe(true)
    const [whole] = await analysedByCore(uris)
    expect(compareCounts(whole, added(results))).toEqual([])
  })

  it('gives one result where there is no orbit', async () => {
    const { results } = await analysedOnSpark(session, [await fileWith('a.txt', '4,0,0,1,0,0\n')], { intervalMs: 100 })
    expect(results).toMatchObject([{ rows: { ancillary: 1 }, orbits: { first: null, count: 0 } }])
  })
})

describe('orbits in detail', () => {
  it('are left out where they are not wanted', async () => {
    const { results } = await analysedOnSpark(session, [await fileWith('a.txt', ROW)], { orbitDetail: false })
    expect(results[0]).not.toHaveProperty('active_tdc_chamber')
    expect(results[0].hit_count).toBe(1)
  })
})

describe('files', () => {
  it('may have any name, also one that is a glob', async () => {
    const text = '2,0,1,5,1,1\n'
    const uris = [await fileWith('no extension', text), await fileWith('ü %41 #;,.log', text)]
    const { results } = await analysedOnSpark(session, uris)
    expect(results[0].hit_count).toBe(2)
    expect(results[0].source).toEqual(uris.map((name) => ({ name, from: 0, to: text.length, watermark: 5 })))
    await fileWith('odd/run[1]{a}.txt', text)
    await fileWith('odd/run1a.txt', text)
    expect((await analysedOnSpark(session, [path.join(folder, 'odd')])).results[0].hit_count).toBe(2)
  })

  it('are found by a glob', async () => {
    for (const name of ['a1.txt', 'a2.txt', 'b.txt']) await fileWith(name, ROW)
    const { results } = await analysedOnSpark(session, [path.join(folder, 'a*.txt')])
    expect(results[0].hit_count).toBe(2)
  })

  it('may begin with a byte order mark, as lines may', async () => {
    const mark = '\ufeff'
    const uris = [await fileWith('1.txt', `${mark}${ROW}${mark}${ROW}${mark}${mark}${ROW}`)]
    const [expected] = await analysedByCore(uris)
    expect(expected.rows).toMatchObject({ hits: 2, malformed: 1 })
    expect((await analysedOnSpark(session, uris)).results[0].rows).toEqual(expected.rows)
  })
})

describe('what cannot be', () => {
  it.each([
    ['rows.txt.zst', /it is packed as \.zst$/],
    ['rows.txt.bz2', /it is packed as \.bz2$/],
    ['rows.dat.gz', /it is packed raw words$/],
    ['rows.arrow', /it is arrow$/],
    ['rows.parquet', /it is parquet$/],
  ])('is a file that SQL cannot read: %s', async (name, sentence) => {
    const error = await refused([await fileWith(name, gzipSync('?'))])
    expect(error.message).toMatch(sentence)
    expect(error.exit).toBe(EXIT.usage)
  })

  it('is another source', async () => {
    expect((await refused(['sim:?seed=1'])).message).toBe('--engine spark does not read sim: sources')
  })

  it('is a file that is not there, where Spark runs', async () => {
    const error = await refused([path.join(folder, 'nothing.txt')])
    expect(error.message).toBe(`Spark finds nothing at ${path.join(folder, 'nothing.txt')}`)
    expect(error.suggestions.join()).toContain('Spark looks where it runs')
    await fileWith('note.md', 'no rows')
    expect((await refused([folder])).message).toMatch(/^Spark finds no file with rows in /)
  })

  it('is a file twice', async () => {
    const file = await fileWith('a.txt', ROW)
    expect((await refused([file, folder])).message).toMatch(/a\.txt is named twice/)
  })

  it('is a record that cannot be read, where all must be', async () => {
    const uris = [await fileWith('1.txt', ROW), await fileWith('2.txt', `${ROW}?\n`)]
    expect((await refused(uris, { strict: true })).message).toMatch(/2\.txt has records that cannot be read$/)
  })

  it('is a file with two byte order marks, which Spark cannot tell from one', async () => {
    const error = await refused([await fileWith('a.txt', `\ufeff\ufeff${ROW}`)])
    expect(error.message).toMatch(/a\.txt begins with two byte order marks/)
  })

  it('is S3 without what Hadoop reads it with', async () => {
    const s3 = { endpoint: 'http://127.0.0.1:1' }
    const error = await refused(['s3://bucket/data'], { s3 })
    expect(error.message).toMatch(/^this Spark cannot read S3/)
    expect(error.suggestions).toEqual([expect.stringMatching(/org\.apache\.hadoop:hadoop-aws:3\.\d+\.\d+$/)])
  })
})

describe('an analysis that is stopped', () => {
  it('ends what Spark is at, and gives no result', async () => {
    const own = new SparkSession(spark.endpoint)
    const stop = new AbortController()
    const file = await fileWith('a.txt', ROW.repeat(100_000))
    const steps: string[] = []
    const run = analysedOnSpark(own, [file], {
      signal: stop.signal,
      onStep: (words) => {
        steps.push(words)
        if (steps.length === 2) setImmediate(() => stop.abort())
      },
      onResult: async () => expect.unreachable(),
    })
    await expect(run).rejects.toMatchObject({ name: 'ExpectedError', exit: EXIT.interrupted })
    own.close()
  })
})

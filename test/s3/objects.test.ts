import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { readParts } from '../../src/sources/read-parts.js'
import { openSources } from '../../src/sources/registry.js'
import type { SourcePart } from '../../src/sources/source.js'
import { storedBefore, storedBytes } from '../../src/sources/stored-bytes.js'
import { noLog } from '../support/no-log.js'
import { manyRecords, textFile } from '../support/row-files.js'
import { FaultProxy } from './support/fault-proxy.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

const RECORDS = manyRecords(400)
const TEXT = textFile(RECORDS)

let server: LocalS3
let proxy: FaultProxy
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'rows', { 'two/a.txt': TEXT, 'two/b.txt': TEXT, 'data_1.txt': TEXT })
})
afterAll(() => server.stop())
beforeEach(async () => {
  proxy = await FaultProxy.start(server.port)
})
afterEach(() => proxy.stop())

const open = (uri: string) =>
  openSources([uri], { run: DEFAULT_RUN, log: noLog, s3: { endpoint: proxy.endpoint, attempts: 2 } })

it('1205 objects are read one after the other in natural order, also without ETags', async () => {
  const folder = path.join(server.data, 'rows', 'many')
  await mkdir(folder)
  for (let i = 0; i < 1205; i++) await writeFile(path.join(folder, `data_${i}.txt`), `2,0,1,${i},1,1\n`)
  const parts = await open('s3://rows/many/data_')
  expect(parts).toHaveLength(1205)
  expect(new Set(parts.map(({ id }) => id)).size).toBe(1205)
  expect(await orbitsOf(...parts)).toEqual(Array.from({ length: 1205 }, (_, i) => i))
})

it('the next object is begun while the last part of one is in use', async () => {
  const parts = await open('s3://rows/two/')
  const first = parts[0].read(0, createRowBuffer(10))
  await first.next()
  const inBoth = proxy.passed + TEXT.length
  await vi.waitFor(() => expect(proxy.passed).toBeGreaterThan(inBoth))
  await server.kill()
  try {
    await expect(open('s3://rows/two/')).rejects.toMatchObject({ name: 'ExpectedError' })
    for await (const _ of first);
    expect(await orbitsOf(parts[1])).toHaveLength(RECORDS.length)
  } finally {
    await server.restart()
  }
})

it('a key alone is that object, whatever else begins like it', async () => {
  const client = plainClient(server)
  await fillBucket(client, 'alike', { 'data_1.txt': '2,0,1,7,1,1\n', 'data_1.txt.gz': 'none', data_1: '2,0,1,8,1,1\n' })
  expect(await orbitsOf(...(await open('s3://alike/data_1.txt')))).toEqual([7])
  expect(await orbitsOf(...(await open('s3://alike/data_1')))).toEqual([8])
})

it('objects of other kinds alone are none', async () => {
  await fillBucket(plainClient(server), 'other-kinds', { 'a.json': '{}' })
  await expect(open('s3://other-kinds')).rejects.toMatchObject({
    name: 'ExpectedError',
    message: 'the objects of s3://other-kinds are not of these kinds',
  })
})

it('bytes are known beforehand, and how many of them have been read', async () => {
  const parts = await open('s3://rows/two/')
  expect(storedBytes(parts)).toBe(2 * TEXT.length)
  expect(storedBefore(parts, { part: 1, at: 100 })).toBe(TEXT.length + 100)
})

/** Orbits of all rows. */
async function orbitsOf(...parts: SourcePart[]): Promise<number[]> {
  const orbits: number[] = []
  for await (const { rows } of readParts(parts)) orbits.push(...rows.columns.orbit.subarray(0, rows.length))
  return orbits
}

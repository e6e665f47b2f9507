import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HeadObjectCommand, ListMultipartUploadsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bucket, openBucket } from '../../src/s3/bucket.js'
import type { S3Limits } from '../../src/s3/limits.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'
import { digest, readKey } from './support/read-object.js'

const MIB = 1 << 20
const BIG = randomBytes(20 * MIB + 12_345)

describe.each([{ tls: false }, { tls: true }])('a bucket, with TLS: $tls', ({ tls }) => {
  let server: LocalS3
  let client: S3Client
  beforeAll(async () => {
    server = await LocalS3.start({ tls })
    client = plainClient(server)
    await fillBucket(client, 'first', { 'data_10.txt': 'ten', 'data_2.txt': 'two', 'other/big.bin': BIG })
  })
  afterAll(() => server.stop())

  const open = (uri = 's3://first', limits: Partial<S3Limits> = {}): Promise<Bucket> => {
    const { endpoint, certificate } = server
    return openBucket(uri, { endpoint, ...(certificate ? { caBundle: certificate } : {}) }, limits)
  }

  it('lists what a prefix names, in natural order', async () => {
    const bucket = await open('s3://first/data')
    const found = await bucket.list(bucket.prefix)
    expect(found.map(({ key, size }) => [key, size])).toEqual([
      ['data_2.txt', 3],
      ['data_10.txt', 3],
    ])
    expect(await bucket.list('none')).toEqual([])
    await bucket.close()
  })

  it('lists more than one page', async () => {
    const keys = Array.from({ length: 1205 }, (_, i) => `many/data_${i}.txt`)
    // as files, because so many requests take their time
    await mkdir(path.join(server.data, 'first', 'many'))
    for (const key of keys) await writeFile(path.join(server.data, 'first', key), key)
    const bucket = await open()
    const found = await bucket.list('many/')
    expect(found.map(({ key }) => key)).toEqual(keys)
    expect((await readKey(bucket, 'many/data_1204.txt')).toString()).toBe('many/data_1204.txt')
    await bucket.close()
    await rm(path.join(server.data, 'first', 'many'), { recursive: true })
  })

  it('refuses to list without end', async () => {
    const bucket = await open('s3://first', { objects: 1 })
    await expect(bucket.list('data')).rejects.toThrow('s3://first/data names more than 1 objects')
    await bucket.close()
  })

  it('reads from any byte on', async () => {
    const bucket = await open()
    for (const from of [0, 1, 8 * MIB - 1, 8 * MIB, BIG.length - 1, BIG.length])
      expect(digest(await readKey(bucket, 'other/big.bin', from)), `from ${from}`).toBe(digest(BIG.subarray(from)))
    await bucket.close()
  })

  it('reads what was put there behind the store, without an ETag', async () => {
    await writeFile(path.join(server.data, 'first', 'raw.txt'), BIG)
    const bucket = await open()
    const [object] = await bucket.list('raw')
    expect(object.etag).toBeUndefined()
    expect(digest(await readKey(bucket, 'raw.txt'))).toBe(digest(BIG))
    await bucket.close()
  })

  it.each([
    ['at once', {}],
    ['in parts', { singlePutBytes: 6 * MIB, partBytes: 6 * MIB }],
  ])('writes %s what is not there, and nothing over what is', async (how, limits) => {
    const bucket = await open('s3://first', limits)
    const put = (bytes: Uint8Array) => bucket.put(`made ${how}`, bytes, { ifAbsent: true, metadata: { kind: 'a' } })
    expect(await put(BIG)).toBe('written')
    expect(await put(BIG.subarray(1))).toBe('there')
    expect(digest(await readKey(bucket, `made ${how}`))).toBe(digest(BIG))
    const head = await client.send(new HeadObjectCommand({ Bucket: 'first', Key: `made ${how}` }))
    expect(head.Metadata).toEqual({ kind: 'a' })
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: 'first' }))
    expect(left.Uploads ?? []).toEqual([])
    await bucket.close()
  })

  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('looks at a checksum by %s', async (ChecksumAlgorithm) => {
    const Key = `checked-${ChecksumAlgorithm}`
    await client.send(new PutObjectCommand({ Bucket: 'first', Key, Body: 'as it was', ChecksumAlgorithm }))
    const file = path.join(server.data, 'first', Key)
    const bucket = await open()
    expect((await readKey(bucket, Key)).toString()).toBe('as it was')
    await damage(file)
    await expect(readKey(bucket, Key)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `s3://first/${Key} did not come as it was stored: its checksum is another`,
    })
    // what is not read from its beginning cannot be looked at
    expect((await readKey(bucket, Key, 1)).toString()).toBe('s it is.')
    await bucket.close()
  })
})

/** Other bytes of the same length under what the store remembers of the old ones, which is kept beside them. */
async function damage(file: string): Promise<void> {
  const other = `${file}.other`
  await writeFile(other, 'as it is.')
  await copyFile(other, file)
  await rm(other)
}

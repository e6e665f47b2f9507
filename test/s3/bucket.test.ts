import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bucket, type ObjectReader, openBucket } from '../../src/s3/bucket.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

let server: LocalS3
const MIB = 1 << 20
const big = randomBytes(20 * MIB + 12345)

beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'first', { 'data_10.txt': 'ten', 'data_2.txt': 'two', 'other/big.bin': big })
})
afterAll(() => server.stop())

const open = (uri: string): Promise<Bucket> => openBucket(uri, { endpoint: server.endpoint })

async function bytesOf(reader: ObjectReader): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece)
  return Buffer.concat(pieces)
}

it('lists in natural order', async () => {
  const bucket = await open('s3://first/data')
  const found = await bucket.list(bucket.prefix)
  expect(found.map(({ key, size }) => [key, size])).toEqual([
    ['data_2.txt', 3],
    ['data_10.txt', 3],
  ])
  await bucket.close()
})

it('reads from any byte on', async () => {
  const bucket = await open('s3://first/')
  const [object] = await bucket.list('other/')
  for (const from of [0, 1, 8 * MIB, big.length - 1, big.length]) {
    expect(
      createHash('md5')
        .update(await bytesOf(bucket.read(object, from)))
        .digest('hex'),
      `from ${from}`,
    ).toBe(createHash('md5').update(big.subarray(from)).digest('hex'))
  }
  await bucket.close()
})

it('writes what is not there', async () => {
  const bucket = await open('s3://first/')
  const put = (text: string) => bucket.put('made/one', Buffer.from(text), { ifAbsent: true, metadata: { kind: 'a' } })
  expect(await put('one')).toBe('written')
  expect(await put('another')).toBe('there')
  const [object] = await bucket.list('made/')
  expect((await bytesOf(bucket.read(object))).toString()).toBe('one')
  await bucket.close()
})

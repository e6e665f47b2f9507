import { createHash } from 'node:crypto'
import type { Bucket, ObjectReader } from '../../../src/s3/bucket.js'

/** Everything that a reader gives. */
export async function bytesOf(reader: ObjectReader): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The object of that key, as a listing has it, read from a byte on. */
export async function readKey(bucket: Bucket, key: string, from = 0): Promise<Buffer> {
  const found = (await bucket.list(key)).find((object) => object.key === key)
  if (!found) throw new Error(`there is no ${key}`)
  return bytesOf(bucket.read(found, from))
}

/** Two of these are compared instead of megabytes. */
export function digest(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

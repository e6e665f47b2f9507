import { ExpectedError } from '../errors.js'
import { type Bucket, type ObjectReader, openBucket, type S3Object } from '../s3/bucket.js'
import { s3Uri } from '../s3/place.js'
import type { S3Settings } from '../s3/settings.js'
import { endsBefore } from './ends-before.js'
import { type ByteFeed, piecesFeed } from './formats/byte-feed.js'
import type { Stored } from './stored.js'

/**
 * The objects that `s3://BUCKET/PREFIX` means: the one of that very key, or those whose keys begin so and end in one of these extensions.
 * @param signal where it aborts, what is being read is given up
 * @throws ExpectedError where there are none, or the bucket cannot be listed
 */
export async function storedObjects(
  uri: string,
  extensions: readonly string[],
  settings: S3Settings,
  signal?: AbortSignal,
): Promise<Stored[]> {
  const bucket = await openBucket(uri, settings)
  signal?.addEventListener('abort', () => bucket.close(), { once: true })
  const found = await bucket.list(bucket.prefix)
  const one = found.filter(({ key }) => key === bucket.prefix && !key.endsWith('/'))
  const objects = one.length > 0 ? one : found.filter(({ key }) => extensions.some((end) => key.endsWith(end)))
  if (objects.length === 0)
    throw found.length === 0
      ? new ExpectedError(`there is no object ${uri}`, ['check the bucket and what its keys begin with'])
      : new ExpectedError(`the objects of ${uri} are not of these kinds`, [
          `objects are known by their extension: ${extensions.join(' ')}`,
        ])
  const row = new ObjectRow(bucket, objects)
  return objects.map((object, index) => row.stored(object, index))
}

/** Objects that are read one after the other: the next is begun while the last part of one is being used. */
class ObjectRow {
  private begun: { index: number; reader: ObjectReader } | undefined

  constructor(
    private readonly bucket: Bucket,
    private readonly objects: readonly S3Object[],
  ) {}

  stored(object: S3Object, index: number): Stored {
    const name = s3Uri({ bucket: this.bucket.name, key: object.key })
    return {
      name,
      // of one and the same content: positions in another are worth nothing
      id: `${name} ${object.etag ?? `of ${object.size} bytes, changed at ${object.changedAt} s`}`,
      size: object.size,
      open: async (position) => {
        if (position > object.size) throw endsBefore(name, object.size, 'byte', position)
        return this.feed(index, position)
      },
      look: async (position, length) => {
        const reader = this.bucket.read(object, position, Math.min(object.size, position + length))
        const pieces: Uint8Array[] = []
        for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece)
        return Buffer.concat(pieces)
      },
    }
  }

  private feed(index: number, position: number): ByteFeed {
    const reader = this.takeBegun(index, position) ?? this.bucket.read(this.objects[index], position)
    let isEnded = false
    return piecesFeed(
      async () => {
        const piece = await reader.next()
        isEnded = piece === undefined
        if (reader.isLastTaken) this.begin(index + 1)
        return piece
      },
      async () => {
        reader.close()
        if (!isEnded) this.dropBegun()
      },
    )
  }

  private begin(index: number): void {
    if (index >= this.objects.length || this.begun?.index === index) return
    this.dropBegun()
    this.begun = { index, reader: this.bucket.read(this.objects[index]) }
  }

  private takeBegun(index: number, position: number): ObjectReader | undefined {
    const { begun } = this
    if (begun?.index !== index || position !== 0) return undefined
    this.begun = undefined
    return begun.reader
  }

  private dropBegun(): void {
    this.begun?.reader.close()
    this.begun = undefined
  }
}

import { ExpectedError } from '../errors.js'
import { type Bucket, openBucket } from '../s3/bucket.js'
import type { S3Settings } from '../s3/settings.js'
import type { WholeTarget } from './whole-sink.js'

/** Of one object that is held until it is whole. */
const MOST_BYTES = 256 * 1024 ** 2

/** An object that is there whole or not at all: it is held, and put when it is complete. */
export class WholeObject implements WholeTarget {
  private pieces: Uint8Array[] = []
  private bytes = 0

  private constructor(
    private readonly uri: string,
    private readonly bucket: Bucket,
  ) {}

  /** @throws ExpectedError where there is an object of this key, or the bucket cannot be asked */
  static async create(uri: string, settings: S3Settings = {}): Promise<WholeObject> {
    const bucket = await openBucket(uri, settings)
    try {
      const there = await bucket.list(bucket.prefix)
      if (there.some(({ key }) => key === bucket.prefix)) throw existsAlready(uri)
      return new WholeObject(uri, bucket)
    } catch (error) {
      await bucket.close()
      throw error
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.pieces.push(bytes)
    this.bytes += bytes.length
    if (this.bytes > MOST_BYTES) throw tooLarge(this.uri)
  }

  async publish(): Promise<void> {
    const { bucket } = this
    const bytes = Buffer.concat(this.pieces)
    // the answer to an attempt of our own may have been lost
    if ((await bucket.put(bucket.prefix, bytes, { ifAbsent: true })) === 'there' && !(await this.isThere(bytes)))
      throw existsAlready(this.uri)
    await this.discard()
  }

  async discard(): Promise<void> {
    this.pieces = []
    await this.bucket.close()
  }

  private async isThere(wanted: Buffer): Promise<boolean> {
    const object = (await this.bucket.list(this.bucket.prefix)).find(({ key }) => key === this.bucket.prefix)
    if (object?.size !== wanted.length) return false
    const reader = this.bucket.read(object)
    const pieces: Uint8Array[] = []
    for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece)
    return wanted.equals(Buffer.concat(pieces))
  }
}

function existsAlready(uri: string): ExpectedError {
  return new ExpectedError(`${uri} exists already, and no object is ever replaced`, ['choose another key'])
}

function tooLarge(uri: string): ExpectedError {
  return new ExpectedError(`${uri} would have more than ${MOST_BYTES / 1024 ** 2} MiB`, [
    'a prefix, which ends in /, gets an object for each result',
  ])
}

import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { ExpectedError } from '../errors.js'
import type { ObjectReader, S3Object } from './bucket.js'
import { type Check, checkOf } from './checksum.js'
import { request, type S3Connection } from './connection.js'
import { explain } from './explain.js'
import { getRange } from './get-range.js'
import { type S3Place, s3Uri } from './place.js'

/** Ranges that are fetched while one is being used. */
const AHEAD = 1

/** Bytes [from, to) of an object. */
export interface Stretch {
  bucket: string
  object: S3Object
  from: number
  to: number
}

/**
 * Reads an object range by range. Each is taken off the connection at once, so that whoever uses the bytes may take their time: a
 * store cuts a connection that nobody reads from.
 */
export class RangedReader implements ObjectReader {
  private readonly place: S3Place
  private readonly aborter = new AbortController()
  private readonly coming: Promise<Uint8Array>[] = []
  private readonly check: Promise<Check | undefined>
  private asked: number

  constructor(
    private readonly connection: S3Connection,
    private readonly stretch: Stretch,
    private readonly onClose: () => void,
  ) {
    const { bucket, object, from, to } = stretch
    this.place = { bucket, key: object.key }
    this.asked = from
    const isWhole = from === 0 && to === object.size && to > 0
    this.check = isWhole ? this.findCheck() : Promise.resolve(undefined)
    // told of when its turn comes
    this.check.catch(() => {})
    this.askAhead()
  }

  get isLastTaken(): boolean {
    return this.asked >= this.stretch.to && this.coming.length === 0
  }

  async next(): Promise<Uint8Array | undefined> {
    try {
      this.aborter.signal.throwIfAborted()
      const bytes = await this.coming.shift()
      this.askAhead()
      const check = await this.check
      if (bytes) check?.add(bytes)
      else this.end(check)
      return bytes
    } catch (error) {
      this.close()
      throw explain(error, { place: this.place, to: 'read', where: this.connection.where })
    }
  }

  close(): void {
    this.aborter.abort()
    this.coming.length = 0
    this.onClose()
  }

  private askAhead(): void {
    const { bucket, object, to } = this.stretch
    while (this.coming.length < AHEAD && this.asked < to) {
      const from = this.asked
      this.asked = Math.min(from + this.connection.limits.rangeBytes, to)
      const range = getRange(this.connection, { bucket, object, from, to: this.asked }, this.aborter.signal)
      range.catch(() => {})
      this.coming.push(range)
    }
  }

  private async findCheck(): Promise<Check | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.place.bucket, Key: this.place.key, ChecksumMode: 'ENABLED' })
    const send = (options: { abortSignal?: AbortSignal }) => this.connection.client.send(command, options)
    return checkOf(await request(this.connection, send, this.aborter.signal))
  }

  private end(check: Check | undefined): void {
    if (check && check.value() !== check.wanted)
      throw new ExpectedError(`${s3Uri(this.place)} did not come as it was stored: its checksum is another`, [
        'read it again; where that fails too, it is damaged in the store',
      ])
    this.onClose()
  }
}

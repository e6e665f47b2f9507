import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { ExpectedError } from '../errors.js'
import type { ObjectReader, S3Object } from './bucket.js'
import { type Check, checkOf } from './checksum.js'
import { request, type S3Connection } from './connection.js'
import { explain } from './explain.js'
import { getRange } from './get-range.js'
import { s3Uri } from './place.js'

/** Ranges that are fetched while one is being used. */
const AHEAD = 1

/**
 * Reads an object range by range. Each is taken off the connection at once, so that whoever uses the bytes may take their time: a
 * store cuts a connection that nobody reads from.
 */
export class RangedReader implements ObjectReader {
  private readonly aborter = new AbortController()
  private readonly coming: Promise<Uint8Array[]>[] = []
  private readonly check: Promise<Check | undefined>
  private pieces: Uint8Array[] = []
  private asked: number
  private isEnded = false

  constructor(
    private readonly connection: S3Connection,
    private readonly bucket: string,
    private readonly object: S3Object,
    from: number,
    private readonly onClose: () => void,
  ) {
    this.asked = from
    this.check = from === 0 && object.size > 0 ? this.findCheck() : Promise.resolve(undefined)
    this.check.catch(() => {})
    this.askAhead()
  }

  get isAllAsked(): boolean {
    return this.asked >= this.object.size
  }

  async next(): Promise<Uint8Array | undefined> {
    try {
      if (this.pieces.length === 0) await this.nextRange()
      const piece = this.pieces.shift()
      const check = await this.check
      if (piece) check?.add(piece)
      else this.end(check)
      return piece
    } catch (error) {
      this.close()
      throw explain(error, { place: this.place, to: 'read', where: this.connection.where })
    }
  }

  close(): void {
    this.aborter.abort()
    this.coming.length = 0
    this.pieces = []
    this.onClose()
  }

  private get place() {
    return { bucket: this.bucket, key: this.object.key }
  }

  private async nextRange(): Promise<void> {
    const range = this.coming.shift()
    if (!range) return
    this.pieces = await range
    this.askAhead()
  }

  private askAhead(): void {
    while (this.coming.length < AHEAD && !this.isAllAsked) {
      const from = this.asked
      this.asked = Math.min(from + this.connection.limits.rangeBytes, this.object.size)
      const range = getRange(this.connection, this.bucket, this.object, { from, to: this.asked }, this.aborter.signal)
      // told of when its turn comes
      range.catch(() => {})
      this.coming.push(range)
    }
  }

  private async findCheck(): Promise<Check | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: this.object.key, ChecksumMode: 'ENABLED' })
    const { signal } = this.aborter
    const send = (options: { abortSignal?: AbortSignal }) => this.connection.client.send(command, options)
    return checkOf(await request(this.connection, send, signal))
  }

  private end(check: Check | undefined): void {
    if (!this.isEnded && check && check.value() !== check.wanted)
      throw new ExpectedError(`${s3Uri(this.place)} did not come as it was stored: its checksum is another`, [
        'read it again; where that fails too, it is damaged in the store',
      ])
    this.isEnded = true
    this.onClose()
  }
}

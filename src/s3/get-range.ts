import type { Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { ExpectedError } from '../errors.js'
import { Attempts } from './attempts.js'
import type { S3Connection } from './connection.js'
import { changed } from './explain.js'
import { ShortBody } from './failures.js'
import { s3Uri } from './place.js'
import type { Stretch } from './ranged-reader.js'

/**
 * A stretch of an object, taken off the connection as fast as it comes; where the connection fails, it goes on at the byte
 * that is missing.
 */
export async function getRange(
  connection: S3Connection,
  { bucket, object, from, to }: Stretch,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const place = { bucket, key: object.key }
  const attempts = new Attempts(connection, signal)
  const bytes = Buffer.allocUnsafeSlow(to - from)
  let at = from
  while (at < to) {
    try {
      const answer = await ask(connection, { bucket, object, from: at, to }, signal)
      for await (const piece of bodyOf(answer, signal)) {
        if (at + piece.length > to)
          throw new ExpectedError(`${connection.where} sends more of ${s3Uri(place)} than asked`)
        bytes.set(piece, at - from)
        at += piece.length
        attempts.progressed()
      }
      if (at < to) throw new ShortBody(`${to - at} bytes are missing`)
    } catch (error) {
      await attempts.failed(error)
    }
  }
  return bytes
}

async function ask(connection: S3Connection, stretch: Stretch, signal: AbortSignal): Promise<GetObjectCommandOutput> {
  const { bucket, object, from, to } = stretch
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: object.key,
    Range: `bytes=${from}-${to - 1}`,
    ...(object.etag === undefined ? {} : { IfMatch: object.etag }),
  })
  const answer = await connection.client.send(command, { abortSignal: signal })
  connection.hasAnswered = true
  try {
    check(answer, stretch)
  } catch (error) {
    ;(answer.Body as Readable | undefined)?.destroy()
    throw error
  }
  return answer
}

/** Some stores do not look at If-Match, or have nothing to match; some know no ranges. */
function check(answer: GetObjectCommandOutput, { bucket, object, from, to }: Stretch): void {
  const place = { bucket, key: object.key }
  const { ContentRange, ContentLength, ETag, LastModified } = answer
  const isWhole = ContentRange === undefined && from === 0 && ContentLength === to
  const size = isWhole ? to : Number(/^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange ?? '')?.[2])
  if (!isWhole && !ContentRange?.startsWith(`bytes ${from}-`))
    throw new ExpectedError(`${s3Uri(place)} cannot be read in parts, as its store does not give them`)
  const isOther = object.etag !== undefined && ETag !== undefined && unquoted(ETag) !== unquoted(object.etag)
  const isNewer =
    object.etag === undefined &&
    object.changedAt !== undefined &&
    LastModified !== undefined &&
    Math.floor(LastModified.getTime() / 1000) !== object.changedAt
  if (size !== object.size || isOther || isNewer) throw changed(place)
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '')
}

async function* bodyOf({ Body }: GetObjectCommandOutput, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const body = Body as Readable
  const stop = () => body.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    yield* body
  } finally {
    signal.removeEventListener('abort', stop)
    body.destroy()
  }
}

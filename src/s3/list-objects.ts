import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { ExpectedError } from '../errors.js'
import { inNaturalOrder } from '../natural-order.js'
import type { S3Object } from './bucket.js'
import { request, type S3Connection } from './connection.js'
import { type S3Place, s3Uri } from './place.js'

/** All objects whose keys begin with the place's, page by page; in natural order. */
export async function listObjects(connection: S3Connection, place: S3Place): Promise<S3Object[]> {
  const { client, limits } = connection
  const found: S3Object[] = []
  let next: string | undefined
  do {
    const command = new ListObjectsV2Command({
      Bucket: place.bucket,
      Prefix: place.key,
      ...(next === undefined ? {} : { ContinuationToken: next }),
    })
    const page = await request(connection, (options) => client.send(command, options))
    for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
      if (Key === undefined) continue
      const changedAt = LastModified && Math.floor(LastModified.getTime() / 1000)
      found.push({ key: Key, size: Size ?? 0, etag: ETag || undefined, changedAt })
    }
    if (found.length > limits.objects)
      throw new ExpectedError(`${s3Uri(place)} names more than ${limits.objects} objects`, [
        'name fewer: a longer prefix',
      ])
    next = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (next !== undefined)
  return found.sort((a, b) => inNaturalOrder(a.key, b.key))
}

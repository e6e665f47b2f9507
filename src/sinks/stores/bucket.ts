import { openBucket } from '../../s3/bucket.js'
import type { S3Settings } from '../../s3/settings.js'
import type { Store } from './store.js'

/**
 * A bucket as a store: what the URI names is the folder that all objects are in. An object is there whole with its one
 * request, or not at all.
 * @throws ExpectedError where the URI or the settings are wrong
 */
export async function openBucketStore(uri: string, settings: S3Settings = {}): Promise<Store> {
  const bucket = await openBucket(uri, settings)
  const folder = bucket.prefix === '' || bucket.prefix.endsWith('/') ? bucket.prefix : `${bucket.prefix}/`
  return {
    name: uri,
    put: (file, bytes) => bucket.put(`${folder}${file}`, bytes, { ifAbsent: true }),
    close: () => bucket.close(),
  }
}

import { EXIT, ExpectedError } from '../errors.js'
import { parseUri } from '../uri.js'

/** What `s3://BUCKET/KEY` names: a bucket, and in it a key or what keys begin with. */
export interface S3Place {
  bucket: string
  /** may be empty */
  key: string
}

const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/

/** @throws ExpectedError (exit code 2) where no bucket of a possible name is named */
export function s3Place(uri: string): S3Place {
  const { path } = parseUri(uri)
  const slash = path.indexOf('/')
  const bucket = slash < 0 ? path : path.slice(0, slash)
  if (bucket.includes('@'))
    throw new ExpectedError('an s3: URI holds no user name', ['write it as s3://BUCKET/PREFIX'], EXIT.usage)
  if (!BUCKET_NAME.test(bucket))
    throw new ExpectedError(
      bucket === '' ? `${uri} names no bucket` : `'${bucket}' in ${uri} cannot be the name of a bucket`,
      ['write it as s3://BUCKET/PREFIX: letters, digits, dots and hyphens, 3 at least'],
      EXIT.usage,
    )
  return { bucket, key: slash < 0 ? '' : path.slice(slash + 1) }
}

export function s3Uri({ bucket, key }: S3Place): string {
  return `s3://${bucket}/${key}`
}

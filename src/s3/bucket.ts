import { S3_LIMITS, type S3Limits } from './limits.js'
import { s3Place } from './place.js'
import type { S3Settings } from './settings.js'

/** What a listing says of an object. */
export interface S3Object {
  key: string
  size: number
  /** undefined where the store has none, as for what was put there behind its back */
  etag: string | undefined
  /** of its last change, s since 1970 */
  changedAt: number | undefined
}

/** The bytes of an object in order, whatever happens to the connection. What goes wrong for good is an ExpectedError that names the object. */
export interface ObjectReader {
  /** Undefined at the end, where the object's checksum has been found right if it has one and was read from its first byte. */
  next(): Promise<Uint8Array | undefined>
  /** whether all that is left is at hand: the time to begin with what is to be read after it */
  readonly isLastTaken: boolean
  /** Gives up what is under way. Safe to call twice. */
  close(): void
}

export interface PutOptions {
  /** nothing is ever overwritten */
  ifAbsent: true
  /** told to whoever looks at the object: names in lower case */
  metadata?: Record<string, string>
}

export interface Bucket {
  readonly name: string
  /** what the URI names in the bucket: a key, what keys begin with, or nothing */
  readonly prefix: string
  /** All objects whose keys begin with the prefix, in natural order. */
  list(prefix: string): Promise<S3Object[]>
  /** Begins to read at once. @param from byte to begin with @param to byte behind the last one, if not the object's end */
  read(object: S3Object, from?: number, to?: number): ObjectReader
  /** Resolves once the object is there whole; `there` where something of this key was before. */
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<'written' | 'there'>
  /** What is being read is given up. */
  close(): Promise<void>
}

/**
 * Opens the bucket of `s3://BUCKET/PREFIX`. Nothing is asked of the store yet.
 * @throws ExpectedError where the URI or the settings are wrong
 */
export async function openBucket(uri: string, settings: S3Settings, limits: Partial<S3Limits> = {}): Promise<Bucket> {
  const { bucket: name, key: prefix } = s3Place(uri)
  const { connect } = await import('./client.js')
  const { SdkBucket } = await import('./sdk-bucket.js')
  const attempts = settings.attempts === undefined ? {} : { attempts: settings.attempts }
  return new SdkBucket(await connect(settings, { ...S3_LIMITS, ...attempts, ...limits }), name, prefix)
}

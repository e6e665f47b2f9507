import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Attempts } from './attempts.js'
import { request, type S3Connection } from './connection.js'
import { isThere } from './failures.js'
import type { S3Place } from './place.js'

/** Writes an object whole, unless there is one of this key. */
export async function putObject(
  connection: S3Connection,
  place: S3Place,
  bytes: Uint8Array,
  metadata: Record<string, string>,
): Promise<'written' | 'there'> {
  const isSmall = bytes.length <= connection.limits.singlePutBytes
  const attempts = new Attempts(connection)
  for (;;) {
    try {
      await (isSmall ? putAtOnce : putInParts)(connection, place, bytes, metadata)
      return 'written'
    } catch (error) {
      // a lost answer may have been a good one, and a store may break off a body that it does not want
      if (isThere(error) || (await exists(connection, place))) return 'there'
      // parts have had their attempts
      if (!isSmall) throw error
      await attempts.failed(error)
    }
  }
}

/** False, too, for whoever may write but not look. */
async function exists(connection: S3Connection, { bucket, key }: S3Place): Promise<boolean> {
  const head = new HeadObjectCommand({ Bucket: bucket, Key: key })
  try {
    await connection.client.send(head)
    return true
  } catch {
    return false
  }
}

async function putAtOnce(
  connection: S3Connection,
  { bucket, key }: S3Place,
  bytes: Uint8Array,
  metadata: Record<string, string>,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: bytes,
    ContentLength: bytes.length,
    IfNoneMatch: '*',
    Metadata: metadata,
  })
  await connection.client.send(command)
  connection.hasAnswered = true
}

/** Nothing is to be seen of the object before its last request. */
async function putInParts(
  connection: S3Connection,
  { bucket, key }: S3Place,
  bytes: Uint8Array,
  metadata: Record<string, string>,
): Promise<void> {
  const { client, limits } = connection
  const place = { Bucket: bucket, Key: key }
  const create = new CreateMultipartUploadCommand({ ...place, Metadata: metadata })
  const { UploadId } = await request(connection, (options) => client.send(create, options))
  const upload = { ...place, UploadId }
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = []
    for (let at = 0; at < bytes.length; at += limits.partBytes) {
      const PartNumber = parts.length + 1
      const Body = bytes.subarray(at, at + limits.partBytes)
      const part = new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length })
      const { ETag } = await request(connection, (options) => client.send(part, options))
      parts.push({ PartNumber, ETag })
    }
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      IfNoneMatch: '*',
      MultipartUpload: { Parts: parts.map(({ PartNumber, ETag }) => ({ PartNumber, ...(ETag ? { ETag } : {}) })) },
    })
    await request(connection, (options) => client.send(complete, options))
  } catch (error) {
    // its parts would be kept, and paid for, for ever; where it is gone already, that is as good
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}

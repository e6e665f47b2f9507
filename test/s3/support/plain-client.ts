import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { ACCESS_KEY, type LocalS3, SECRET_KEY } from './local-s3.js'

/** The SDK's own client, as others use it: nothing of what is tested is in it. */
export function plainClient({ endpoint, certificate }: LocalS3): S3Client {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    expectContinueHeader: false,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
    ...(certificate === undefined
      ? {}
      : { requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca: readFileSync(certificate) }) }) }),
  })
}

/** Makes a bucket with these objects in it. */
export async function fillBucket(
  client: S3Client,
  bucket: string,
  objects: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
  }
}

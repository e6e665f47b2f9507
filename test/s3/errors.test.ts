import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { PutBucketPolicyCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBucket } from '../../src/s3/bucket.js'
import type { S3Limits } from '../../src/s3/limits.js'
import type { S3Settings } from '../../src/s3/settings.js'
import { freePorts } from '../kafka/support/free-ports.js'
import { LocalS3, SECRET_KEY } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'
import { readKey } from './support/read-object.js'

const LIMITS = { pauseMs: 5, longestPauseMs: 20, rangeBytes: 1 << 20 }
const LONG = Buffer.alloc(3 << 20, 'x')

let server: LocalS3
let secure: LocalS3
let client: S3Client
beforeAll(async () => {
  ;[server, secure] = await Promise.all([LocalS3.start(), LocalS3.start({ tls: true })])
  client = plainClient(server)
  await fillBucket(client, 'first', { 'a.txt': '1', 'long.txt': LONG })
  await fillBucket(client, 'open-to-all', { 'a.txt': '1' })
  await fillBucket(plainClient(secure), 'first', { 'a.txt': '1' })
})
afterAll(() => Promise.all([server.stop(), secure.stop()]))
afterEach(() => vi.unstubAllEnvs())

/** Lists and reads, and gives what it says where that cannot be done. */
async function said(uri: string, settings: S3Settings = { endpoint: server.endpoint }, limits: Partial<S3Limits> = {}) {
  try {
    const bucket = await openBucket(uri, settings, { ...LIMITS, ...limits })
    await bucket.list(bucket.prefix)
    await readKey(bucket, bucket.prefix)
    await bucket.close()
    return 'nothing'
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExpectedError' })
    const { message, suggestions } = error as Error & { suggestions: string[] }
    for (const secret of [SECRET_KEY, 'hidden']) expect([message, ...suggestions].join()).not.toContain(secret)
    return message
  }
}

describe('in one sentence it is said that', () => {
  it('there is no such bucket', async () => {
    expect(await said('s3://none-such/a.txt')).toBe(`there is no bucket none-such at ${server.endpoint}`)
  })

  it('the secret key is wrong', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hidden')
    const sentence = `${server.endpoint} refuses the secret key: it does not belong to the access key`
    expect(await said('s3://first/a.txt')).toBe(sentence)
  })

  it('the access key is not known', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody')
    expect(await said('s3://first/a.txt')).toBe(`${server.endpoint} does not know the access key`)
  })

  it('there are no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '')
    expect(await said('s3://first/a.txt')).toBe('there are no credentials for S3')
  })

  it('somebody without keys may not', async () => {
    const settings = { endpoint: server.endpoint, anonymous: true }
    expect(await said('s3://first/a.txt', settings)).toBe('s3://first/a.txt may not be listed with these credentials')
  })

  it('nothing answers, soon', async () => {
    const [port] = await freePorts(1)
    const endpoint = `http://127.0.0.1:${port}`
    expect(await said('s3://first/a.txt', { endpoint }, { attempts: 1_000_000 })).toBe(`nothing answers at ${endpoint}`)
  })

  it('there is no such host', async () => {
    const endpoint = 'http://none-such.invalid:9000'
    expect(await said('s3://first/a.txt', { endpoint })).toBe(`the host of ${endpoint} cannot be found`)
  })

  it('a certificate is not trusted', async () => {
    const { endpoint } = secure
    expect(await said('s3://first/a.txt', { endpoint })).toBe(`the certificate of ${endpoint} is not trusted`)
    const bucket = await openBucket('s3://first', { endpoint, caBundle: secure.certificate ?? '' })
    expect(await bucket.list('')).toHaveLength(1)
    await bucket.close()
  })

  it('a file of certificates is not there', async () => {
    const sentence = 'the certificates in /none/such.pem cannot be read: there is no such file'
    expect(await said('s3://first/a.txt', { endpoint: secure.endpoint, caBundle: '/none/such.pem' })).toBe(sentence)
  })

  it('TLS is spoken on one side only', async () => {
    const withTls = server.endpoint.replace('http:', 'https:')
    expect(await said('s3://first/a.txt', { endpoint: withTls })).toBe(`${withTls} does not speak TLS`)
    const withoutTls = secure.endpoint.replace('https:', 'http:')
    expect(await said('s3://first/a.txt', { endpoint: withoutTls })).toBe(
      `s3://first/a.txt could not be listed: ${withoutTls} breaks off each time`,
    )
  })

  it('something else answers', async () => {
    const other = createServer((_, answer) => answer.end('<html><p>welcome</html>')).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    expect(await said('s3://first/a.txt', { endpoint })).toBe(`${endpoint} does not answer as an S3 store does`)
    other.close()
  })

  it.each<[string, S3Settings, string]>([
    [
      'an endpoint has no scheme',
      { endpoint: '127.0.0.1:9000' },
      "the S3 endpoint '127.0.0.1:9000' is no http or https URL",
    ],
    [
      'an endpoint holds a password',
      { endpoint: 'http://me:hidden@127.0.0.1:9000' },
      'the S3 endpoint must be without user name and password',
    ],
    ['no region is known', {}, 'no region is known for S3'],
  ])('%s', async (_, settings, sentence) => {
    expect(await said('s3://first/a.txt', settings)).toBe(sentence)
  })

  it.each([
    ['s3://', 's3:// names no bucket'],
    ['s3:///a.txt', 's3:///a.txt names no bucket'],
    ['s3://a/b', "'a' in s3://a/b cannot be the name of a bucket"],
    ['s3://hidden@first/a.txt', 'an s3: URI holds no user name'],
    ['s3://me:hidden@first/a.txt', 'a password stands in the s3: URI, where others on the machine can read it'],
  ])('%s is no place', async (uri, sentence) => {
    expect(await said(uri)).toBe(sentence)
  })
})

describe('an object that is being read', () => {
  const began = async () => {
    const bucket = await openBucket('s3://first/long.txt', { endpoint: server.endpoint }, LIMITS)
    const [object] = await bucket.list(bucket.prefix)
    const reader = bucket.read(object)
    await reader.next()
    await reader.next()
    return { bucket, object, reader }
  }
  const putBehindStore = async () => {
    await rm(path.join(server.data, 'first', 'long.txt'))
    await writeFile(path.join(server.data, 'first', 'long.txt'), LONG)
  }
  const put = (Body: Uint8Array) => client.send(new PutObjectCommand({ Bucket: 'first', Key: 'long.txt', Body }))

  it.each(['with an ETag', 'without one'])('may have been changed since it was listed, %s', async (how) => {
    await put(LONG)
    if (how === 'without one') await putBehindStore()
    const bucket = await openBucket('s3://first/long.txt', { endpoint: server.endpoint }, LIMITS)
    const [object] = await bucket.list(bucket.prefix)
    expect(object.etag === undefined).toBe(how === 'without one')
    await put(Buffer.alloc(LONG.length + 1, 'y'))
    await expect(bucket.read(object).next()).rejects.toThrow('s3://first/long.txt was changed while it was being read')
    await bucket.close()
    await put(LONG)
  })

  it('may be gone', async () => {
    await put(LONG)
    const { bucket, object } = await began()
    await rm(path.join(server.data, 'first', 'long.txt'))
    await expect(bucket.read(object).next()).rejects.toMatchObject({
      name: 'ExpectedError',
      message: 's3://first/long.txt is not there, or no longer',
    })
    await bucket.close()
    await put(LONG)
  })
})

it('a bucket that is open to all needs no keys', async () => {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: 'arn:aws:s3:::open-to-all/*',
  }
  const list = { Effect: 'Allow', Principal: '*', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::open-to-all' }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement, list] })
  await client.send(new PutBucketPolicyCommand({ Bucket: 'open-to-all', Policy }))
  vi.stubEnv('AWS_ACCESS_KEY_ID', '')
  expect(await said('s3://open-to-all/a.txt', { endpoint: server.endpoint, anonymous: true })).toBe('nothing')
})

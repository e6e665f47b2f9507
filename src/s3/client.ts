import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { EXIT, ExpectedError } from '../errors.js'
import type { S3Connection } from './connection.js'
import { checkedEndpoint } from './endpoint.js'
import type { S3Limits } from './limits.js'
import type { S3Settings } from './settings.js'

const MOST_SOCKETS = 16
/** With an endpoint of one's own the region seldom matters, but signatures want one. */
const ANY_REGION = 'us-east-1'

/**
 * A client, and what the SDK leaves to its users of what is usual with S3: profiles, regions, certificates.
 * @throws ExpectedError where settings are wrong, or no region is known
 */
export async function connect(settings: S3Settings, limits: S3Limits): Promise<S3Connection> {
  // the project says itself which versions of Node it runs on
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  if (settings.profile !== undefined) useProfile(settings.profile)
  const { endpoint, region } = await whereabouts(settings)
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? { followRegionRedirects: true } : storeOfOnesOwn(endpoint)),
    ...(settings.anonymous ? UNSIGNED : {}),
    // trying again is done here, where it is known whether anything has come of an attempt
    maxAttempts: 1,
    expectContinueHeader: false,
    // objects are looked at as a whole, not range by range
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: limits.connectMs,
      socketTimeout: limits.silenceMs,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
      // an agent, because the SDK would lose the certificates on its way to larger bodies
      httpsAgent: new HttpsAgent({
        keepAlive: true,
        maxSockets: MOST_SOCKETS,
        ...(settings.caBundle === undefined ? {} : { ca: await certificates(settings.caBundle) }),
      }),
    }),
  })
  return { client, where: endpoint ?? `Amazon S3 in ${region}`, limits, hasAnswered: false }
}

/** The SDK finds a profile's endpoint by the environment alone, and would complain of keys beside it. */
function useProfile(profile: string): void {
  process.env.AWS_PROFILE = profile
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete process.env[name]
}

async function whereabouts(settings: S3Settings): Promise<{ endpoint: string | undefined; region: string }> {
  const asked = new S3Client(settings.region === undefined ? {} : { region: settings.region })
  try {
    const named = settings.endpoint ?? (await asked.config.serviceConfiguredEndpoint?.())
    const endpoint = named === undefined ? undefined : checkedEndpoint(named)
    const region = await asked.config.region().catch(() => (endpoint === undefined ? undefined : ANY_REGION))
    if (region === undefined)
      throw new ExpectedError(
        'no region is known for S3',
        ['give --region, or set AWS_REGION', '--endpoint-url for a store of your own'],
        EXIT.usage,
      )
    return { endpoint, region }
  } finally {
    asked.destroy()
  }
}

function storeOfOnesOwn(endpoint: string): S3ClientConfig {
  return {
    endpoint,
    // a bucket's name as a host's would want a certificate and a name server for it
    forcePathStyle: true,
    // many stores do not know the newer checksums
    ...(process.env.AWS_REQUEST_CHECKSUM_CALCULATION ? {} : { requestChecksumCalculation: 'WHEN_REQUIRED' }),
  }
}

const UNSIGNED: S3ClientConfig = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  signer: { sign: async (request) => request },
}

async function certificates(file: string): Promise<string[]> {
  try {
    return [...rootCertificates, await readFile(file, 'utf8')]
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message
    throw new ExpectedError(`the certificates in ${file} cannot be read: ${why}`, [
      '--ca-bundle or AWS_CA_BUNDLE names a file in PEM form',
    ])
  }
}

import { EXIT, ExpectedError } from '../../errors.js'
import { checkedEndpoint } from '../../s3/endpoint.js'
import type { S3Settings } from '../../s3/settings.js'
import { schemeOf } from '../../uri.js'
import { SparkError } from '../connect/failures.js'
import { sql } from '../connect/relations.js'
import type { SparkSession } from '../connect/session.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Signatures want a region; a store of one's own seldom does. */
const ANY_REGION = 'us-east-1'
const ANONYMOUS = 'org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider'
const MISSING = /Class org\.apache\.hadoop\.fs\.s3a\.S3AFileSystem not found/
const CREDENTIALS = /NoAuthWithAWSException|NoAwsCredentials|Unable to load (AWS )?credentials/i

/** Tells Spark how S3 is reached, where a URI names it. Credentials are not sent: Spark finds them where it runs. */
export async function setS3a(session: SparkSession, uris: readonly string[], settings: S3Settings): Promise<void> {
  if (uris.some((uri) => schemeOf(uri) === 's3')) await session.setConf(s3aConf(settings, process.env))
}

/**
 * Hadoop's conf for how S3 is reached.
 * @throws ExpectedError (exit code 2) where Hadoop has no conf for a setting
 */
export function s3aConf(settings: S3Settings, env: Environment): Record<string, string> {
  const { region, anonymous, attempts, profile, caBundle } = settings
  if (profile !== undefined) throw notOfSpark('a profile', 'set AWS_PROFILE or keys where Spark runs')
  if (caBundle !== undefined)
    throw notOfSpark('certificates', 'Java trusts those of its own store: keytool -importcert adds one to it')
  const named = settings.endpoint ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL)
  const own = named ? ofOwnStore(checkedEndpoint(named), region ?? ANY_REGION) : {}
  return {
    ...(region === undefined ? {} : { 'fs.s3a.endpoint.region': region }),
    ...own,
    ...(anonymous ? { 'fs.s3a.aws.credentials.provider': ANONYMOUS } : {}),
    ...(attempts === undefined ? {} : { 'fs.s3a.attempts.maximum': String(attempts) }),
  }
}

function ofOwnStore(endpoint: string, region: string): Record<string, string> {
  return {
    'fs.s3a.endpoint': endpoint,
    'fs.s3a.endpoint.region': region,
    'fs.s3a.path.style.access': 'true',
    'fs.s3a.connection.ssl.enabled': String(endpoint.startsWith('https:')),
  }
}

function notOfSpark(what: string, instead: string): ExpectedError {
  return new ExpectedError(`Spark is not told ${what} for S3`, [instead], EXIT.usage)
}

/** A failure of S3 in Spark in words; any other stays as it is. */
export async function s3aExplained(error: unknown, session: SparkSession): Promise<unknown> {
  if (!(error instanceof SparkError)) return error
  const { detail = '' } = error
  if (MISSING.test(detail))
    return new ExpectedError("this Spark cannot read S3: Hadoop's module for it is not there", [
      `start the server with --packages org.apache.hadoop:hadoop-aws:${await hadoopVersion(session)}`,
    ])
  if (CREDENTIALS.test(detail))
    return new ExpectedError('Spark finds no credentials for S3 where it runs', [
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the server and the executors, or give them a role',
      '--no-sign-request for a bucket that is open to all',
    ])
  return error
}

async function hadoopVersion(session: SparkSession): Promise<string> {
  const asked = "SELECT java_method('org.apache.hadoop.util.VersionInfo', 'getVersion') version"
  const [{ version }] = await session.collect(sql(asked))
  return String(version)
}

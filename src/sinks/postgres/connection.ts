import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { ClientConfig } from 'pg'
import { EXIT, ExpectedError } from '../../errors.js'
import type { SinkUri } from '../sink.js'

type Environment = Readonly<Record<string, string | undefined>>

/** A server that does not answer by then is taken for away, ms. */
const LONGEST_CONNECTING_MS = 10_000
/** So is one that does not answer to a statement, ms; what it did of it is seen when the result is written again. */
const LONGEST_STATEMENT_MS = 60_000

/**
 * How to connect to what a URI names; pg itself finds the password, and what else libpq's environment variables say.
 * @throws ExpectedError where the URI is none, or TLS cannot be as it says
 */
export async function connectionOf(uri: SinkUri, env: Environment): Promise<ClientConfig> {
  const { username, hostname, port, pathname } = urlOf(uri)
  const database = decodeURIComponent(pathname.slice(1))
  if (database === '' && !env.PGDATABASE)
    throw new ExpectedError(`${uri.text} names no database`, ['postgres://HOST/DATABASE'], EXIT.usage)
  return {
    user: decodeURIComponent(username) || env.PGUSER || userInfo().username,
    ...(hostname ? { host: hostname.replace(/^\[(.*)\]$/, '$1') } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(database ? { database } : {}),
    ssl: await tlsOf(uri, env),
    application_name: 'dtstream',
    connectionTimeoutMillis: LONGEST_CONNECTING_MS,
    query_timeout: LONGEST_STATEMENT_MS,
    keepAlive: true,
  }
}

function urlOf({ text, path }: SinkUri): URL {
  try {
    return new URL(`postgres://${path}`)
  } catch {
    throw new ExpectedError(`${text} names no server`, ['postgres://[USER@]HOST[:PORT]/DATABASE'], EXIT.usage)
  }
}

const MODES = ['disable', 'require', 'verify-ca', 'verify-full']

async function tlsOf({ text, options }: SinkUri, env: Environment): Promise<NonNullable<ClientConfig['ssl']>> {
  const mode = options.get('sslmode') ?? (env.PGSSLMODE || 'disable')
  if (!MODES.includes(mode)) {
    const why = ['allow', 'prefer'].includes(mode) ? ': it is with TLS or without, not as it happens' : ''
    throw new ExpectedError(`${text}: sslmode is ${MODES.join(', ')}, not '${mode}'${why}`, [], EXIT.usage)
  }
  if (mode === 'disable') return false
  const file = options.get('sslrootcert') ?? env.PGSSLROOTCERT
  const trusted = file && file !== 'system' ? { ca: await readCertificates(text, file) } : {}
  // libpq: without certificates to trust there is nothing to check
  if (mode === 'require' && !file) return { rejectUnauthorized: false }
  return mode === 'verify-full' || file === 'system' ? trusted : { ...trusted, checkServerIdentity: () => undefined }
}

async function readCertificates(text: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ExpectedError(`${text}: the certificates in ${file} cannot be read: ${(error as Error).message}`, [
      'sslrootcert=FILE, or PGSSLROOTCERT',
    ])
  }
}

import { ExpectedError, TransientError } from '../../errors.js'

/** What is known of a failure's code: why, what to do, and whether it may pass. */
type Known = [reason: string, suggestion: string, passes?: 'passes']

const PASSWORD = 'PGPASSWORD, or a line in ~/.pgpass or the file that PGPASSFILE names'
const START = 'start the server, or check host and port'
const TRUST = "sslrootcert=FILE with the certificate of the server's authority"
const SHAPE = 'name another table: ?table=NAME'

/** Of the system (net, TLS) and of PostgreSQL (SQLSTATE, its first two characters for a class). */
const KNOWN: Record<string, Known> = {
  ECONNREFUSED: ['no server listens there', START, 'passes'],
  ENOTFOUND: ['there is no such host', START],
  EAI_AGAIN: ['the host could not be looked up', START, 'passes'],
  ECONNRESET: ['the connection was lost', START, 'passes'],
  EPIPE: ['the connection was lost', START, 'passes'],
  ETIMEDOUT: ['the server does not answer', START, 'passes'],
  EHOSTUNREACH: ['the host cannot be reached', START, 'passes'],
  ENETUNREACH: ['the host cannot be reached', START, 'passes'],
  SELF_SIGNED_CERT_IN_CHAIN: ["the server's certificate is not trusted", TRUST],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the server's certificate is not trusted", TRUST],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server's certificate is not trusted", TRUST],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the server's certificate is not trusted", TRUST],
  CERT_HAS_EXPIRED: ["the server's certificate has expired", 'renew it'],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the server's certificate is for another name", 'name the server as it does'],
  '28P01': ['the password is wrong', PASSWORD],
  '28000': ['the server does not let this user in', 'check the user, and pg_hba.conf of the server'],
  '3D000': ['there is no such database', 'createdb makes one'],
  '42501': ['this user has not the right to do that', 'GRANT it, or name a table that the user may write'],
  '3F000': ['there is no such schema', 'CREATE SCHEMA'],
  '42P01': ['the table is no longer there', 'start again, and it is made'],
  '42703': ['the table is of another shape', SHAPE],
  '42804': ['the table is of another shape', SHAPE],
  '42P10': ['the table is of another shape', SHAPE],
  '42809': ['it is no table', SHAPE],
  '40': ['the transaction met another', 'try again', 'passes'],
  '53': ['the server is short of disk, memory or connections', 'make room, or wait', 'passes'],
  '57': ['the server stops, or starts', 'wait for it', 'passes'],
  '08': ['the connection was lost', START, 'passes'],
}

/** Of pg itself, which has no codes. */
const MESSAGES: [start: string, Known][] = [
  ['Connection terminated', KNOWN.ECONNRESET],
  ['Client has encountered a connection error', KNOWN.ECONNRESET],
  ['Client was closed', KNOWN.ECONNRESET],
  ['timeout expired', KNOWN.ETIMEDOUT],
  ['Query read timeout', KNOWN.ETIMEDOUT],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password', ['the server asks for a password', PASSWORD]],
  ['The server does not support SSL', ['the server has no TLS', 'sslmode=disable']],
]

/**
 * What went wrong with a server, as a sentence.
 * @param name the URI
 */
export function postgresFailure(name: string, error: unknown): ExpectedError {
  if (error instanceof ExpectedError) return error
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  const known =
    KNOWN[code] ?? KNOWN[code.slice(0, 2)] ?? MESSAGES.find(([start]) => message.startsWith(start))?.[1] ?? undefined
  const [reason, suggestion, passes] = known ?? [message, 'check the server, and its log']
  const detail = known && isOfServer(code) ? ` (${message})` : ''
  const Kind = passes ? TransientError : ExpectedError
  return new Kind(`cannot write ${name}: ${reason}${detail}`, [suggestion])
}

/** Five digits and letters: SQLSTATE. */
function isOfServer(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)
}

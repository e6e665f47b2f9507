import { ExpectedError } from '../errors.js'
import { type FailureFacts, factsOf } from './failures.js'
import { type S3Place, s3Uri } from './place.js'

/** What was asked of whom. */
export interface Asked {
  place: S3Place
  to: 'list' | 'read' | 'write'
  /** the store, as `S3Connection.where` */
  where: string
}

const DONE = { list: 'listed', read: 'read', write: 'written' } as const
const KEYS = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile (--aws-profile)'
const CA = 'give the certificate that signed it with --ca-bundle FILE or AWS_CA_BUNDLE'

/** A failed request in words: what failed, on which object, and what to try. What is expected already, or a fault of ours, stays as it is. */
export function explain(error: unknown, asked: Asked): unknown {
  if (error instanceof ExpectedError || (error as Error).name === 'AbortError') return error
  const facts = factsOf(error)
  return (
    ofStore(facts, asked) ?? ofCredentials(facts, asked) ?? ofObject(facts, asked) ?? ofNetwork(facts, asked) ?? error
  )
}

function ofStore({ name, status, message }: FailureFacts, { place, where }: Asked): ExpectedError | undefined {
  if (name === 'NoSuchBucket')
    return new ExpectedError(`there is no bucket ${place.bucket} at ${where}`, ['check its name and --endpoint-url'])
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed')
    return new ExpectedError(`the bucket ${place.bucket} is in another region than ${where}`, ['name it with --region'])
  if (/^char |Deserialization error/.test(message) || (status === 400 && name === 'Error'))
    return new ExpectedError(`${where} does not answer as an S3 store does`, ['check --endpoint-url'])
  return undefined
}

function ofCredentials({ name }: FailureFacts, { where }: Asked): ExpectedError | undefined {
  const refused = (why: string) => new ExpectedError(`${where} ${why}`, [`check ${KEYS}`])
  switch (name) {
    case 'SignatureDoesNotMatch':
      return refused('refuses the secret key: it does not belong to the access key')
    case 'InvalidAccessKeyId':
      return refused('does not know the access key')
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'InvalidToken':
      return refused('refuses the session token: it is wrong, or has expired')
    case 'CredentialsProviderError':
      return new ExpectedError(noCredentials(), [`set ${KEYS}`, '--no-sign-request for a bucket that is open to all'])
    default:
      return undefined
  }
}

function noCredentials(): string {
  const profile = process.env.AWS_PROFILE
  return profile ? `there are no credentials for S3 in the profile ${profile}` : 'there are no credentials for S3'
}

function ofObject({ name, status, message }: FailureFacts, { place, to, where }: Asked): ExpectedError | undefined {
  const uri = s3Uri(place)
  if (status === 412 || name === 'PreconditionFailed' || status === 416) return changed(place)
  if (status === 404 || name === 'NoSuchKey') return new ExpectedError(`${uri} is not there, or no longer`)
  if (status === 401 || status === 403)
    return new ExpectedError(`${uri} may not be ${DONE[to]} with these credentials`, [
      `check the rights at ${where}, and ${KEYS}`,
    ])
  if (status !== undefined)
    return new ExpectedError(`${uri} could not be ${DONE[to]}: ${where} answers ${status}: ${message}`)
  return undefined
}

/** For what is not any more what reading began with. */
export function changed(place: S3Place): ExpectedError {
  return new ExpectedError(`${s3Uri(place)} was changed while it was being read`, [
    'start again: what was read of it so far is not what is there now',
  ])
}

function ofNetwork({ name, code, message }: FailureFacts, { place, to, where }: Asked): ExpectedError | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ExpectedError(`the host of ${where} cannot be found`, ['check --endpoint-url or --region'])
  if (code === 'ECONNREFUSED')
    return new ExpectedError(`nothing answers at ${where}`, ['check --endpoint-url, and that the store is running'])
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return new ExpectedError(`${where} does not speak TLS`, ['an endpoint without TLS begins with http://'])
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new ExpectedError(`the certificate of ${where} is for another host`, ['name the host as it does'])
  if (code === 'CERT_HAS_EXPIRED') return new ExpectedError(`the certificate of ${where} has expired`)
  if (code !== undefined && /CERT|SIGNATURE|ISSUER/.test(code))
    return new ExpectedError(`the certificate of ${where} is not trusted`, [CA])
  // where there is a code, the name may be this for other reasons
  if (name === 'TimeoutError' && (code === undefined || code === 'ETIMEDOUT'))
    return new ExpectedError(`${where} does not answer in time`, [AGAIN])
  if (code === 'ECONNRESET' || code === 'ESHORT' || code === 'EPIPE')
    return new ExpectedError(`${s3Uri(place)} could not be ${DONE[to]}: ${where} breaks off each time`, [
      where.startsWith('http:') ? 'an endpoint with TLS begins with https://' : AGAIN,
    ])
  return code === undefined
    ? undefined
    : new ExpectedError(`${s3Uri(place)} could not be ${DONE[to]}: ${message}`, [AGAIN])
}

const AGAIN = 'try again when the store is well'

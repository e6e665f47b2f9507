import { setTimeout as wait } from 'node:timers/promises'
import { ExpectedError } from '../../../errors.js'
import type { OauthSettings } from '../kafka-settings.js'

type EndpointSettings = Extract<OauthSettings, { kind: 'endpoint' }>

/** What a token server and its clock are asked with; real ones where nothing is given. */
export interface TokenOptions {
  /** ms since 1970 */
  now?: () => number
  /** for one try, answer included */
  timeoutMs?: number
  /** before each further try: as many as these, where trying again may help */
  pausesMs?: readonly number[]
}

interface Token {
  value: string
  /** ms since 1970 */
  renewAt: number
}

/** Of a token's life, as Kafka's clients have it. */
const RENEW_AFTER = 0.8
const LARGEST_ANSWER_BYTES = 1 << 20
/** The error codes of RFC 6749, 5.2: nothing else of an answer is repeated, for it may repeat what was sent. */
const REASONS = ['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'invalid_scope']

/**
 * Fetches tokens for client credentials (RFC 6749, 4.4), as Kafka's clients do: id and secret in a basic
 * `Authorization` header. A token is kept for 80% of its life; calls at the same time share one request.
 * @returns a function that gives a token, or throws an ExpectedError that names the endpoint, never the secret
 */
export function createTokenSource(settings: EndpointSettings, options: TokenOptions = {}): () => Promise<string> {
  const { now = Date.now } = options
  let kept: Token | undefined
  let asking: Promise<Token> | undefined
  return async () => {
    if (kept && now() < kept.renewAt) return kept.value
    asking ??= fetchToken(settings, options).finally(() => {
      asking = undefined
    })
    kept = await asking
    return kept.value
  }
}

/** A failure that another try may cure. */
class PassingError extends ExpectedError {}

async function fetchToken(
  settings: EndpointSettings,
  { now = Date.now, timeoutMs = 5000, pausesMs = [500, 1000] }: TokenOptions,
): Promise<Token> {
  for (const pauseMs of pausesMs) {
    try {
      return await askOnce(settings, now, timeoutMs)
    } catch (error) {
      if (!(error instanceof PassingError)) throw error
      await wait(pauseMs)
    }
  }
  return askOnce(settings, now, timeoutMs)
}

async function askOnce(settings: EndpointSettings, now: () => number, timeoutMs: number): Promise<Token> {
  const askedAt = now()
  const place = endpointName(settings.url)
  const { status, text } = await post(settings, place, timeoutMs)
  const answer = parseObject(text)
  if (status !== 200) throw refused(place, status, answer)
  const value = answer?.access_token
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new ExpectedError(`no token from ${place}: its answer holds no access_token`, [CHECK_ENDPOINT])
  }
  const lifeMs = lifeOf(value, answer, askedAt)
  return { value, renewAt: askedAt + lifeMs * RENEW_AFTER }
}

async function post(
  { url, clientId, clientSecret, scope }: EndpointSettings,
  place: string,
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) })
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  try {
    const headers = { authorization, accept: 'application/json' }
    // a redirect could carry the request somewhere else
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, text: await readText(response) }
  } catch (error) {
    throw unreachable(place, error, timeoutMs)
  }
}

/** At most so much of an answer as any token needs. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > LARGEST_ANSWER_BYTES) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** ms: what the answer says, else what the token itself says where it is a JWT; else 0. */
function lifeOf(token: string, answer: Record<string, unknown> | undefined, nowMs: number): number {
  const seconds = Number(answer?.expires_in)
  if (seconds > 0) return seconds * 1000
  const claims = parseObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const end = Number(claims?.exp) * 1000
  return end > nowMs ? end - nowMs : 0
}

const CHECK_ENDPOINT = 'sasl.oauthbearer.token.endpoint.url must name the endpoint that grants tokens'

function refused(place: string, status: number, answer: Record<string, unknown> | undefined): ExpectedError {
  const reason = REASONS.find((code) => code === answer?.error)
  const what = `no token from ${place}: it answered ${status}${reason ? `, ${reason}` : ''}`
  if (status >= 500 || status === 429) return new PassingError(what, ['again later'])
  if (status === 401 || reason === 'invalid_client') {
    return new ExpectedError(what, ['sasl.oauthbearer.client.id and sasl.oauthbearer.client.secret must be right'])
  }
  if (reason === 'invalid_scope') return new ExpectedError(what, ['sasl.oauthbearer.scope must be one it knows'])
  return new ExpectedError(what, [CHECK_ENDPOINT])
}

const TLS_CODE = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED|ISSUER/

function unreachable(place: string, error: unknown, timeoutMs: number): ExpectedError {
  const { name, cause } = error as Error & { cause?: { code?: unknown } }
  if (name === 'TimeoutError') {
    return new PassingError(`no token from ${place}: no answer within ${timeoutMs / 1000} s`, [CHECK_ENDPOINT])
  }
  const code = typeof cause?.code === 'string' ? cause.code : 'the connection broke'
  const what = `no token from ${place}: it cannot be reached (${code})`
  if (TLS_CODE.test(code)) {
    return new ExpectedError(what, [
      'NODE_EXTRA_CA_CERTS=FILE in the environment, with the authority that signed for it',
    ])
  }
  return new PassingError(what, [CHECK_ENDPOINT])
}

/** Without a query, which may hold a key. */
function endpointName(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

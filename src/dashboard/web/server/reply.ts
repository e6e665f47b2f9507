import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { SECURITY_HEADERS } from './security-headers.js'

/** A request that cannot be answered as it stands: an HTTP status, and one sentence why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    sentence: string,
    readonly headers: OutgoingHttpHeaders = {},
  ) {
    super(sentence)
  }
}

/** One request, and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
}

/** Data: what it was a moment ago is of no use. */
export const NOT_KEPT = { 'cache-control': 'no-store' } as const

/** Answers with a body; without it where only the headers are asked for, or the status allows none. */
export function reply(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  { status = 200, headers, body = '' }: { status?: number; headers: OutgoingHttpHeaders; body?: string | Buffer },
): void {
  const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...SECURITY_HEADERS, ...length, ...headers })
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body)
}

export function replyJson(exchange: Exchange, value: unknown): void {
  reply(exchange, { headers: { ...NOT_KEPT, 'content-type': 'application/json' }, body: JSON.stringify(value) })
}

export function replyRefusal(exchange: Pick<Exchange, 'request' | 'response'>, refusal: Refusal): void {
  const headers = { ...NOT_KEPT, 'content-type': 'text/plain; charset=utf-8', ...refusal.headers }
  reply(exchange, { status: refusal.status, headers, body: `${refusal.message}\n` })
}

import { EXIT, ExpectedError } from '../errors.js'
import { alarmInWords } from './alarm-record.js'
import type { Delivery } from './paced-outlet.js'

const TIMEOUT_MS = 10_000

/**
 * Posts events to a URL as JSON: `text`, which chat servers show as it is, and `alarms`, the records.
 * @throws ExpectedError (exit code 2) where the text is no URL of a web server
 */
export function webhook(url: string): (delivery: Delivery, signal: AbortSignal) => Promise<void> {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (target?.protocol !== 'http:' && target?.protocol !== 'https:')
    throw new ExpectedError('the webhook for alarms is no URL that begins with http:// or https://', [], EXIT.usage)
  return async ({ records, omitted }, signal) => {
    const words = [...records.map(alarmInWords), ...(omitted > 0 ? [`and ${omitted} more`] : [])]
    const body = JSON.stringify({ text: words.join('\n'), alarms: records, omitted })
    const status = await post(target, body, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
    if (status < 200 || status > 299) throw new Error(`${target.host} answers ${status}`)
  }
}

/** Its path often is the key to a channel, so only the host is ever named. */
async function post(target: URL, body: string, signal: AbortSignal): Promise<number> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(target, { method: 'POST', body, headers, redirect: 'manual', signal })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
    const code = (cause as { code?: unknown }).code
    throw new Error(
      `${target.host} ${timedOut ? `does not answer within ${TIMEOUT_MS / 1000} s` : `cannot be reached (${code ?? 'no connection'})`}`,
    )
  }
}

import { EXIT, ExpectedError } from '../../errors.js'
import { parseUri, type Uri } from '../../uri.js'

/** What happens to a result that a sink does not take. */
export interface Policy {
  /** once the retries are used up: the run ends, the result goes elsewhere, or it is dropped and counted */
  onFailure: OnFailure
  /** how often a write is tried again after a failure that may pass */
  retries: number
  /** URI of the sink that the result goes to */
  fallback: string | undefined
}

type OnFailure = 'retry' | 'fallback' | 'drop'

const WAYS: readonly string[] = ['retry', 'fallback', 'drop'] satisfies OnFailure[]
const DEFAULT_RETRIES = 8
const MOST_RETRIES = 1000

/** Options that every sink but a topic has, beside its own. */
export const POLICY_OPTIONS: Record<string, string> = {
  'on-failure':
    'what happens where a result cannot be written, after the retries: `retry` (the default) ends the run, ' +
    '`fallback` gives it to another sink, `drop` drops and counts it',
  retries: `how often a write is tried again after a failure that may pass, 0 to ${MOST_RETRIES}; without it ${DEFAULT_RETRIES}`,
  fallback: 'URI of that other sink, URL-encoded',
}

/**
 * Takes the policy's options from a URI; the rest of its options is the sink's own.
 * @throws ExpectedError for a value that an option does not have
 */
export function takePolicy(uri: Uri): { policy: Policy; own: Uri } {
  const options = new URLSearchParams(uri.options)
  for (const name of Object.keys(POLICY_OPTIONS)) options.delete(name)
  const fallback = uri.options.get('fallback') ?? undefined
  // first of all, as this URI holds that one: no sentence shall show a password in it
  if (fallback) parseUri(fallback)
  const onFailure = uri.options.get('on-failure') ?? 'retry'
  if (!isWay(onFailure)) throw refused(uri, `on-failure is one of ${WAYS.join(', ')}, not '${onFailure}'`)
  if (onFailure === 'fallback' && !fallback)
    throw refused(uri, 'on-failure=fallback says not where', 'fallback=URI, URL-encoded')
  if (onFailure !== 'fallback' && fallback !== undefined)
    throw refused(uri, 'fallback is for on-failure=fallback alone', 'on-failure=fallback')
  return { policy: { onFailure, retries: retriesOf(uri), fallback }, own: { ...uri, options } }
}

function isWay(text: string): text is OnFailure {
  return WAYS.includes(text)
}

function retriesOf(uri: Uri): number {
  const text = uri.options.get('retries') ?? String(DEFAULT_RETRIES)
  const retries = Number(text)
  if (/^\d+$/.test(text) && retries <= MOST_RETRIES) return retries
  throw refused(uri, `retries is a whole number up to ${MOST_RETRIES}, not '${text}'`)
}

function refused({ text }: Uri, reason: string, ...suggestions: string[]): ExpectedError {
  return new ExpectedError(`${text}: ${reason}`, suggestions, EXIT.usage)
}

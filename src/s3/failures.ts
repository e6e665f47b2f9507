/** What the SDK tells of a failed request, as far as it is asked here. */
export interface FailureFacts {
  /** S3's code, as NoSuchKey, or the SDK's name for the error */
  name: string
  /** of the operating system or of TLS, as ECONNREFUSED */
  code: string | undefined
  /** of HTTP, where there was an answer */
  status: number | undefined
  message: string
}

export function factsOf(error: unknown): FailureFacts {
  const { name, code, message, $metadata } = error as Error & {
    code?: unknown
    $metadata?: { httpStatusCode?: number }
  }
  return { name, code: typeof code === 'string' ? code : undefined, status: $metadata?.httpStatusCode, message }
}

/** The body of an answer ended too soon. */
export class ShortBody extends Error {
  readonly code = 'ESHORT'
}

const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])
const PASSING_NAMES = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ConditionalRequestConflict',
])
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ESHORT',
])

const SILENT_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])

/** Whether the same request may succeed a little later. */
export function passes(error: unknown): boolean {
  const { name, code, status } = factsOf(error)
  if (PASSING_NAMES.has(name)) return true
  if (code !== undefined && PASSING_CODES.has(code)) return true
  return status !== undefined && PASSING_STATUS.has(status)
}

/** No word came from the address, which may be a wrong one. */
export function isSilence(error: unknown): boolean {
  const { name, code } = factsOf(error)
  return code === undefined ? name === 'TimeoutError' : SILENT_CODES.has(code)
}

/** Something of that name is there already. */
export function isThere(error: unknown): boolean {
  const { name, status } = factsOf(error)
  return status === 412 || name === 'PreconditionFailed'
}

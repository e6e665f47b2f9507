import type { ServiceError } from '@grpc/grpc-js'
import { decode } from './protocol.js'

/** What Spark says about a failure, beside gRPC's code. */
export interface ErrorInfo {
  errorClass?: string
  message: string
}

interface Status {
  message?: string
  details?: { typeUrl?: string; value?: Uint8Array }[]
}

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo'
/** Spark's names for errors that it has not yet given one */
const UNNAMED = /^_LEGACY_ERROR/

/** What the server itself said about a failed call; nothing where the call did not get that far. */
export function errorInfoOf(error: ServiceError): ErrorInfo | undefined {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? []
  if (!(bytes instanceof Uint8Array)) return undefined
  const status = decode<Status>('Status', bytes)
  const detail = status.details?.find(({ typeUrl }) => typeUrl === ERROR_INFO)
  if (!detail?.value) return undefined
  const { metadata = {} } = decode<{ metadata?: Record<string, string> }>('ErrorInfo', detail.value)
  const { errorClass } = metadata
  return {
    message: status.message ?? error.details,
    ...(errorClass && !UNNAMED.test(errorClass) ? { errorClass } : {}),
  }
}

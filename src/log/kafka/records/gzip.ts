import { gunzipSync } from 'node:zlib'
import { LimitError } from './limit.js'

/** @throws LimitError where more than `limit` bytes come out */
export function gunzip(stored: Uint8Array, limit: number): Buffer {
  try {
    return gunzipSync(stored, { maxOutputLength: limit })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new LimitError() : error
  }
}

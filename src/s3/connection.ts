import type { S3Client } from '@aws-sdk/client-s3'
import { Attempts } from './attempts.js'
import type { S3Limits } from './limits.js'

/** A client, and what is known of whom it talks to. */
export interface S3Connection {
  client: S3Client
  /** as a user would call it: the endpoint, or the region of Amazon's */
  where: string
  limits: S3Limits
  /** whether the store has answered anything so far: a wrong address is told of soon, an outage is waited through */
  hasAnswered: boolean
}

/**
 * One request, made again while it fails for a reason that passes.
 * @throws what the SDK throws, or the signal's reason
 */
export async function request<T>(
  connection: S3Connection,
  send: (options: { abortSignal?: AbortSignal }) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const attempts = new Attempts(connection, signal)
  for (;;) {
    try {
      const answer = await send(signal ? { abortSignal: signal } : {})
      connection.hasAnswered = true
      return answer
    } catch (error) {
      await attempts.failed(error)
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Connection } from './connection.js'
import { factsOf, isSilence, passes } from './failures.js'

/** Counts the attempts at one thing, and waits between them: a random time, longer on average with each. */
export class Attempts {
  private failures = 0

  constructor(
    private readonly connection: S3Connection,
    private readonly signal?: AbortSignal,
  ) {}

  /** Something has come of the last attempt: counting begins anew. */
  progressed(): void {
    this.failures = 0
  }

  /** Waits until the next attempt. @throws the error, where there shall be none */
  async failed(error: unknown): Promise<void> {
    this.signal?.throwIfAborted()
    // a refusal or an excuse is an answer, too
    if (factsOf(error).status !== undefined) this.connection.hasAnswered = true
    const { attempts, firstAttempts, pauseMs, longestPauseMs } = this.connection.limits
    const isSoonTold = !this.connection.hasAnswered && isSilence(error)
    const most = isSoonTold ? Math.min(attempts, firstAttempts) : attempts
    this.failures++
    if (!passes(error) || this.failures >= most) throw error
    const longest = Math.min(longestPauseMs, pauseMs * 2 ** (this.failures - 1))
    await sleep(Math.random() * longest, undefined, this.signal ? { signal: this.signal } : {})
  }
}

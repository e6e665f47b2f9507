import { ExpectedError } from '../../../errors.js'
import { finalError, reasonOf, rootOf } from './failures.js'
import type { Notices } from './notices.js'

/** Whoever waits is told when it takes longer than this. */
const QUIET_MS = 1500

export interface OutageOptions {
  /** what is to be done, as it follows "to": `read the offsets of group dtstream` */
  what: string
  /** how long to go on trying, ms */
  forMs: number
  /** told that there is something to wait for, and when that is over */
  notices: Notices
}

/** The time in which something does not work: who waits is told of it, and when it takes too long it ends. */
export class Outage {
  private reason = ''

  /** @param since when it was first tried; without it, the time is counted from the first failure on */
  constructor(
    private readonly options: OutageOptions,
    private since?: number,
  ) {}

  /**
   * It did not work, and is tried again after `pauseMs`.
   * @returns the error to end with, where no waiting mends it, or the time is over
   */
  failed(error: unknown, pauseMs: number): ExpectedError | undefined {
    const { what, forMs, notices } = this.options
    const now = performance.now()
    this.since ??= now
    const waited = now - this.since
    // that a transaction cannot be ended follows from what was wrong in it
    if (!this.reason || rootOf(error).type !== 'CONCURRENT_TRANSACTIONS') this.reason = reasonOf(error)
    const { reason } = this
    const end = finalError(error, what) ?? (waited + pauseMs > forMs ? tooLong(what, reason, waited) : undefined)
    if (end) notices.end(this)
    else if (waited > QUIET_MS) notices.wait(this, what, reason)
    return end
  }

  /** It works. */
  over(): void {
    this.options.notices.over(this)
    this.since = undefined
    this.reason = ''
  }
}

function tooLong(what: string, reason: string, waitedMs: number): ExpectedError {
  const seconds = Math.round(waitedMs / 1000)
  return new ExpectedError(`could not ${what} within ${seconds} s: ${reason}`, [
    'check that the brokers run and can be reached, and --bootstrap-server',
  ])
}

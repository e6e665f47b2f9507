import { ExpectedError } from '../../../errors.js'
import { finalError, reasonOf } from './failures.js'

/** Whoever waits is told when it takes longer than this. */
const QUIET_MS = 1500

export interface OutageOptions {
  /** what is to be done, as it follows "to": `read the offsets of group dtstream` */
  what: string
  /** how long to go on trying, ms */
  forMs: number
  /** told, in words for the user, that there is something to wait for; and when that is over */
  onNotice(text: string): void
}

/** The time in which something does not work: who waits is told of it, and when it takes too long it ends. */
export class Outage {
  private since: number | undefined
  private said = ''

  constructor(private readonly options: OutageOptions) {}

  /**
   * It did not work, and is tried again after `pauseMs`.
   * @returns the error to end with, where no waiting mends it, or the time is over
   */
  failed(error: unknown, pauseMs: number): ExpectedError | undefined {
    const { what, forMs, onNotice } = this.options
    const final = finalError(error, what)
    if (final) return final
    const now = performance.now()
    this.since ??= now
    const waited = now - this.since
    const reason = reasonOf(error)
    if (waited + pauseMs > forMs) return tooLong(what, reason, waited)
    if (waited > QUIET_MS && reason !== this.said) {
      onNotice(`waiting for Kafka, to ${what}: ${reason}`)
      this.said = reason
    }
    return undefined
  }

  /** It works. */
  over(): void {
    if (this.said) this.options.onNotice(`Kafka answers again: can ${this.options.what}`)
    this.since = undefined
    this.said = ''
  }
}

function tooLong(what: string, reason: string, waitedMs: number): ExpectedError {
  const seconds = Math.round(waitedMs / 1000)
  return new ExpectedError(`could not ${what} within ${seconds} s: ${reason}`, [
    'check that the brokers run and can be reached, and --bootstrap-server',
  ])
}

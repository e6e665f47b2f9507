import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../../errors.js'
import { finalError, reasonOf } from './failures.js'
import type { Notices } from './notices.js'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000
/** Whoever waits is told when it takes longer than this. */
const QUIET_MS = 1500

export interface Patience {
  /** what is to be done, as it follows "to": `read the offsets of group dtstream` */
  what: string
  /** how long to go on trying, ms */
  forMs: number
  /** told that there is something to wait for, and when that is over */
  notices: Notices
}

/**
 * Does what brokers may not be able to do right now, again and again with longer pauses, as far as waiting may help.
 * @throws ExpectedError for what no waiting mends, or when the time is over
 */
export async function patiently<T>(work: () => Promise<T>, { what, forMs, notices }: Patience): Promise<T> {
  const since = performance.now()
  notices.begin(what)
  let isDone = false
  try {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const done = await work()
        isDone = true
        return done
      } catch (error) {
        const final = finalError(error, what)
        if (final) throw final
        const waited = performance.now() - since
        const reason = reasonOf(error)
        if (waited + pauseMs > forMs) throw tooLong(what, reason, waited)
        if (waited > QUIET_MS) notices.because(what, reason)
        await sleep(pauseMs)
      }
    }
  } finally {
    notices.end(what, isDone)
  }
}

function tooLong(what: string, reason: string, waitedMs: number): ExpectedError {
  const seconds = Math.round(waitedMs / 1000)
  return new ExpectedError(`could not ${what} within ${seconds} s: ${reason}`, [
    'check that the brokers run and can be reached, and --bootstrap-server',
  ])
}

import { setTimeout as sleep } from 'node:timers/promises'
import { Outage, type OutageOptions } from './outage.js'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000

/**
 * Does what brokers may not be able to do right now, again and again with longer pauses, as far as waiting may help.
 * @param ended nobody waits any longer
 * @throws ExpectedError for what no waiting mends, or when the time is over
 */
export async function patiently<T>(work: () => Promise<T>, options: OutageOptions, ended?: AbortSignal): Promise<T> {
  const outage = new Outage(options, performance.now())
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const done = await work()
      outage.over()
      return done
    } catch (error) {
      const final = outage.failed(error, pauseMs)
      if (final ?? ended?.aborted) throw final ?? error
      await sleep(pauseMs, undefined, ended ? { signal: ended } : {}).catch(() => {})
    }
  }
}

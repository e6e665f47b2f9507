import { setTimeout as sleep } from 'node:timers/promises'
import { rootOf } from '../client/failures.js'

/** The last transaction's end is being written where the next one begins: that takes a few ms. */
const SHORTEST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200
const MOST_TRIES = 40

/** Does what a broker does not do as long as the last transaction of the same producer is being ended. */
export async function untilLastHasEnded(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1, pauseMs = SHORTEST_PAUSE_MS; ; tries++, pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      await work()
      return
    } catch (error) {
      if (rootOf(error).type !== 'CONCURRENT_TRANSACTIONS' || tries === MOST_TRIES) throw error
      await sleep(pauseMs)
    }
  }
}

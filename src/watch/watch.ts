import type { Result } from '../core/results/result.js'
import type { Log } from '../log/log.js'
import { followResults } from '../sources/results/follow-results.js'
import { Lag } from './lag.js'

/** Gets what is watched, as it comes. */
export interface WatchFace {
  add(result: Result): void
  setLag(messages: number | undefined): void
  /** something the user should know */
  message(text: string): void
}

export interface WatchOptions {
  log: Log
  topic: string
  from: 'beginning' | 'end'
  /** digest of the run file; results of another geometry are passed over */
  geometry: string
  signal: AbortSignal
  face: WatchFace
}

const LAG_EVERY_MS = 500

/** Hands the results of a topic to `face` until the signal aborts, and tells it the lag. */
export async function watchTopic({ log, topic, from, geometry, signal, face }: WatchOptions): Promise<void> {
  const lag = new Lag(log)
  const timer = setInterval(() => {
    lag.messages().then(
      (messages) => face.setLag(messages),
      () => undefined,
    )
  }, LAG_EVERY_MS)
  const passedOver = countPassedOver(face)
  try {
    for await (const result of followResults(log, topic, {
      from,
      signal,
      onForeign: () => passedOver('is no result'),
    })) {
      if (result.geometry !== geometry) {
        passedOver('is of another geometry')
        continue
      }
      lag.add(result)
      face.add(result)
    }
  } finally {
    clearInterval(timer)
  }
}

/** Says how many messages were passed over, at powers of two, so that a flood of them does not flood the screen. */
export function countPassedOver(face: Pick<WatchFace, 'message'>): (why: string) => void {
  const counts = new Map<string, number>()
  return (why) => {
    const count = (counts.get(why) ?? 0) + 1
    counts.set(why, count)
    if ((count & (count - 1)) === 0) face.message(`passed over: ${count} of what came ${why}`)
  }
}

import type { Result } from '../core/results/result.js'
import type { Log } from '../log/log.js'
import { followResults } from '../sources/results/follow-results.js'
import { readResults } from '../sources/results/read-results.js'
import type { ResultsContext } from '../sources/results/results-source.js'
import { Lag } from './lag.js'

/** Gets what is watched, as it comes. */
export interface WatchFace {
  add(result: Result): void
  setLag(messages: number | undefined): void
  /** something the user should know */
  message(text: string): void
}

export interface WatchOptions {
  /** digest of the run file; results of another geometry are passed over */
  geometry: string
  signal: AbortSignal
  face: WatchFace
}

export interface WatchTopicOptions extends WatchOptions {
  log: Log
  topic: string
  from: 'beginning' | 'end'
}

const LAG_EVERY_MS = 500

/** Hands the results of a topic to `face` until the signal aborts, and tells it the lag. A topic that is not there yet is waited for. */
export async function watchTopic({ log, topic, from, geometry, signal, face }: WatchTopicOptions): Promise<void> {
  const lag = new Lag(log)
  const tellLag = () =>
    lag.messages().then(
      (messages) => face.setLag(messages),
      () => undefined,
    )
  const timer = setInterval(tellLag, LAG_EVERY_MS)
  const passedOver = countPassedOver(face)
  try {
    if (!(await log.topic(topic))) face.message(`there is no topic ${topic} yet: it is waited for`)
    const results = followResults(log, topic, { from, signal, onForeign: () => passedOver('is no result') })
    for await (const result of ofGeometry(geometry, results, passedOver)) {
      lag.add(result)
      face.add(result)
    }
  } finally {
    clearInterval(timer)
  }
}

/** Hands the results of files to `face`, as far as the signal lets it. */
export async function watchFiles(
  uris: readonly string[],
  context: Omit<ResultsContext, 'onForeign'>,
  { geometry, signal, face }: WatchOptions,
): Promise<void> {
  const passedOver = countPassedOver(face)
  const results = readResults(uris, { ...context, onForeign: () => passedOver('is no result') })
  for await (const result of ofGeometry(geometry, results, passedOver)) {
    if (signal.aborted) return
    face.add(result)
  }
}

async function* ofGeometry(
  geometry: string,
  results: AsyncIterable<Result>,
  passedOver: (why: string) => void,
): AsyncGenerator<Result> {
  for await (const result of results) {
    if (result.geometry === geometry) yield result
    else passedOver('is of another geometry')
  }
}

/** Says how many messages were passed over, at powers of two, so that a flood of them does not flood the screen. */
function countPassedOver(face: Pick<WatchFace, 'message'>): (why: string) => void {
  const counts = new Map<string, number>()
  return (why) => {
    const count = (counts.get(why) ?? 0) + 1
    counts.set(why, count)
    if ((count & (count - 1)) === 0) face.message(`passed over: ${count} of what came ${why}`)
  }
}

import { resultInWords } from '../dashboard/words.js'
import type { Log } from '../log/log.js'
import { Lag } from '../watch/lag.js'
import type { WatchFace } from '../watch/watch.js'

export interface ResultLines extends WatchFace {
  /** resolves when all lines so far are printed */
  settled(): Promise<void>
}

/** What is watched as lines of words: one a result, with the lag at that moment. */
export function createResultLines(log: Log, print: (line: string) => void, note: (text: string) => void): ResultLines {
  const lag = new Lag(log)
  let last = Promise.resolve()
  return {
    add(result) {
      lag.add(result)
      const messages = lag.messages()
      last = last.then(async () => print(resultInWords(result, await messages)))
    },
    setLag: () => undefined,
    message: note,
    settled: () => last,
  }
}

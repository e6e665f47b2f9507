import { resultFileName } from '../core/results/file-names.js'
import { AtMost } from './at-most.js'
import { encodeResults, type Format } from './encoders/encoder.js'
import type { Sink } from './sink.js'
import type { Store } from './stores/store.js'

/** Files that are put at once. */
const MOST_AT_ONCE = 8

/** One file a result, named by lane, range and content: what is written again is there already. */
export function resultFilesSink(store: Store, format: Format, group: string): Sink {
  const puts = new AtMost(MOST_AT_ONCE)
  const finish = async () => {
    await puts.settled()
    await store.close()
  }
  return {
    name: store.name,
    durable: 'write',
    idempotent: true,
    inAnyOrder: true,
    write: (result) =>
      puts.run(async () => {
        await store.put(`${resultFileName(group, result)}.${format}`, await encodeResults(format, [result]))
      }),
    close: finish,
    abort: finish,
  }
}

import type { Encoder } from './encoders/encoder.js'
import { InOrder } from './in-order.js'
import type { Sink } from './sink.js'

/** A file or an object that appears whole, or not at all. Calls do not overlap. */
export interface WholeTarget {
  append(bytes: Uint8Array): Promise<void>
  /** gives it its name: it is there for good then */
  publish(): Promise<void>
  /** gives it up; after `publish` there is nothing to give up */
  discard(): Promise<void>
}

/** All results into one file or object. */
export function wholeSink(name: string, target: WholeTarget, encoder: Encoder): Sink {
  const order = new InOrder()
  const append = async (pieces: readonly Uint8Array[]) => {
    for (const piece of pieces) await target.append(piece)
  }
  return {
    name,
    durable: 'close',
    write: (result) => order.run(() => append(encoder.add(result))),
    close: () =>
      order.run(async () => {
        await append(await encoder.finish())
        await target.publish()
      }),
    async abort() {
      await order.settled()
      await target.discard()
    },
  }
}

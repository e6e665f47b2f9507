import { MESSAGE_KIND, type OutgoingBatch } from './log.js'

/** Results as messages: text, in the first partition, so that they are read in one order. They are no rows, and bear no mark. */
export function textBatch(values: readonly Uint8Array[]): OutgoingBatch {
  const end = new Uint32Array(values.length)
  let bytes = 0
  for (const [i, value] of values.entries()) {
    bytes += value.length
    end[i] = bytes
  }
  const kind = new Uint8Array(values.length).fill(MESSAGE_KIND.text)
  return { partition: 0, count: values.length, bytes: Buffer.concat(values), end, kind, keyedByOrbit: false }
}

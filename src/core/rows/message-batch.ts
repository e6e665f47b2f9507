/** What a message's value holds. `end` is the end mark: no value, every orbit of the partition is complete. */
export const MESSAGE_KIND = { text: 0, arrow: 1, daq: 2, end: 3 } as const

/** Consecutive messages of one partition: message i has offset `offsetOf(batch, i)` and value bytes[start[i], end[i]). */
export interface MessageBatch {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: number
  /** where reading goes on after this batch */
  readonly nextOffset: number
  readonly count: number
  /** only where offsets have holes; otherwise they run on from `firstOffset` */
  readonly offsets?: Float64Array
  readonly bytes: Uint8Array
  readonly start: Uint32Array
  readonly end: Uint32Array
  /** MESSAGE_KIND of each message */
  readonly kind: Uint8Array
  /** all messages came from producers that put all rows of an orbit into one partition */
  readonly keyedByOrbit: boolean
  /** when it was appended, ms since 1970 */
  readonly appendedAtMs: number
}

export function offsetOf(batch: MessageBatch, index: number): number {
  return batch.offsets ? batch.offsets[index] : batch.firstOffset + index
}

/** The first message of the batch with an offset of at least `offset`; `count` where there is none. */
export function indexOfOffset(batch: MessageBatch, offset: number): number {
  let low = 0
  let high = batch.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (offsetOf(batch, middle) < offset) low = middle + 1
    else high = middle
  }
  return low
}

import { describe, expect, it } from 'vitest'
import { indexOfOffset, MESSAGE_KIND, type MessageBatch, offsetOf } from '../../../src/core/rows/message-batch.js'

function batchOf(offsets: number[], explicit: boolean): MessageBatch {
  const none = new Uint32Array(offsets.length)
  return {
    topic: 'data_raw',
    partition: 0,
    firstOffset: offsets[0] ?? 10,
    nextOffset: (offsets.at(-1) ?? 9) + 1,
    count: offsets.length,
    bytes: new Uint8Array(),
    start: none,
    end: none,
    kind: new Uint8Array(offsets.length).fill(MESSAGE_KIND.text),
    keyedByOrbit: true,
    appendedAtMs: 0,
    ...(explicit ? { offsets: Float64Array.from(offsets) } : {}),
  }
}

describe('a message batch', () => {
  it.each([
    ['whose offsets run on', [10, 11, 12, 13], false],
    ['whose offsets have holes', [10, 11, 15, 2 ** 40], true],
    ['without messages', [], false],
  ])('%s finds the first message of at least an offset', (_, offsets, explicit) => {
    const batch = batchOf(offsets, explicit)
    expect(offsets.map((_, i) => offsetOf(batch, i))).toEqual(offsets)
    for (const offset of [0, 9, 10, 11, 12, 13, 14, 15, 16, 2 ** 40, 2 ** 40 + 1]) {
      const found = offsets.findIndex((own) => own >= offset)
      expect(indexOfOffset(batch, offset)).toBe(found < 0 ? offsets.length : found)
    }
  })
})

import { describe, expect, it } from 'vitest'
import type { Announcement } from '../../src/core/orbits/lane-state.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import type { Lane, MessageBatch } from '../../src/log/log.js'
import { NOTHING_COUNTED } from '../../src/process/lane-counts.js'
import { OnePartition } from '../../src/process/one-partition.js'
import { hit } from '../support/lane-topic.js'

/** Rows from an offset on, one a message; what follows them up to `nextOffset` are markers of transactions. */
function batch(firstOffset: number, rows: number, nextOffset = firstOffset + rows): MessageBatch {
  const texts = Array.from({ length: rows }, (_, i) => hit(1000 + firstOffset + i))
  const ends = texts.map((_, i) => texts.slice(0, i + 1).join('').length)
  return {
    ...{ topic: 'data_raw', partition: 0, firstOffset, nextOffset, count: rows, keyedByOrbit: true, appendedAtMs: 0 },
    bytes: Buffer.from(texts.join('')),
    start: Uint32Array.from(ends, (_, i) => (i === 0 ? 0 : ends[i - 1])),
    end: Uint32Array.from(ends),
    kind: new Uint8Array(rows),
  }
}

/** A lane that stands at offset 0 and has announced a result, with a partition that gives these batches. */
async function laneOf(batches: readonly MessageBatch[], announced: Announcement) {
  const left = [...batches]
  const reader = { next: async () => left.shift(), close: async () => undefined }
  const lane = { topic: 'data_raw', partition: 0, reader: async () => reader } as unknown as Lane
  const parts = [{ partition: 0, readFrom: 0, countFrom: 0 }]
  const settings = { run: DEFAULT_RUN, geometry: '', grace: 2048, orbitDetail: true, strict: true, apart: true }
  const start = { state: undefined, parts, nextMessage: 0, announced, warnings: [] }
  return OnePartition.open(lane, start, { ...settings, onMalformed: () => undefined }, { ...NOTHING_COUNTED })
}

async function readToAnnounced(batches: readonly MessageBatch[], to: number) {
  const feed = await laneOf(batches, { to: [to], closing: false })
  while (!feed.isAtAnnounced) expect(await feed.read(0)).toBe(true)
  expect(await feed.read(0)).toBe(false)
  return feed
}

describe('a lane that has announced a result is read just up to its end', () => {
  const TEN_AND_MORE = [batch(0, 6), batch(6, 4), batch(11, 5)]
  it.each([
    ['where a batch ends', TEN_AND_MORE, 10],
    [
      'where the marker behind a batch was read by itself',
      [batch(0, 6), batch(6, 4), batch(10, 0, 11), batch(11, 5)],
      11,
    ],
    ['where that marker is now part of the batch before it', [batch(0, 6), batch(6, 4, 11), batch(11, 5)], 10],
    ['where that marker is now passed over', TEN_AND_MORE, 11],
  ])('%s', async (_where, batches, to) => {
    const feed = await readToAnnounced(batches, to)
    expect(feed.fold.tally.rows.read).toBe(10)
    expect(feed.ranges()).toMatchObject([{ from: 0, to }])
    feed.sent()
    while (await feed.read(0));
    expect(feed.fold.tally.rows.read).toBe(15)
    expect(feed.ranges()).toMatchObject([{ from: to, to: 16 }])
  })

  it('and never beyond, where it cannot end there', async () => {
    const feed = await laneOf([batch(0, 6), batch(6, 4)], { to: [8], closing: false })
    await feed.read(0)
    await expect(feed.read(0)).rejects.toThrow('goes beyond offset 8')
  })
})

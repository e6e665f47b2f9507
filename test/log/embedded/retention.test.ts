import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ExpectedError } from '../../../src/errors.js'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { rangeOf } from '../../../src/log/embedded/keys.js'
import { Store } from '../../../src/log/embedded/store.js'
import { deleteTopic } from '../../../src/log/embedded/topics.js'
import type { Log, TopicSpec } from '../../../src/log/log.js'
import { seeded } from '../../support/stream.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { outgoing, readAll } from '../messages.js'
import { Child } from './child.js'

const HOUR_MS = 3_600_000

/** A new log whose clock is set by hand. */
async function openedLog(spec: Partial<TopicSpec>) {
  const folder = await temporaryFolder()
  const clock = { nowMs: 1_700_000_000_000 }
  const log = await openEmbeddedLog(folder, { now: () => clock.nowMs })
  await log.createTopic({ name: 't', partitions: 2, ...spec })
  return { folder, clock, log }
}

const offsets = async (log: Log) => (await log.topic('t'))?.offsets ?? []
const kept = async (log: Log) => (await offsets(log)).reduce((sum, { bytes }) => sum + bytes, 0)

describe('retention', () => {
  it('by bytes drops the oldest chunks of any partition, so that all together stay below the limit', async () => {
    const { log, clock } = await openedLog({ retentionBytes: 100_000 })
    for (let i = 0; i < 5; i++) await log.append('t', [outgoing(1, ['o'.repeat(10_000)])])
    clock.nowMs += 1
    for (let i = 0; i < 200; i++) {
      await log.append('t', [outgoing(0, ['n'.repeat(1000), 'n'.repeat(1000)])])
      expect(await kept(log)).toBeLessThan(110_000)
    }
    const [first, second] = await offsets(log)
    expect(await kept(log)).toBeGreaterThan(85_000)
    expect(second).toMatchObject({ start: 4, end: 5 })
    expect(first.end).toBe(400)
    expect(first.start % 2).toBe(0)
    const messages = await readAll(await log.reader('t', 0, first.start))
    expect(messages.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 400 - first.start }, (_, i) => first.start + i),
    )
    await log.close()
  })

  it('by age drops what is too old, but never the newest chunk', async () => {
    const { log, clock } = await openedLog({ retentionMs: 10 * HOUR_MS })
    for (let hour = 0; hour < 24; hour++) {
      clock.nowMs += HOUR_MS
      await log.append('t', [outgoing(0, ['a', 'b'])])
      if (hour === 0) await log.append('t', [outgoing(1, ['lonely'])])
    }
    const [first, second] = await offsets(log)
    expect(first).toMatchObject({ start: 26, end: 48 })
    expect(second).toMatchObject({ start: 0, end: 1 })
    clock.nowMs += 1000 * HOUR_MS
    await log.append('t', [outgoing(0, ['c'])])
    expect((await offsets(log))[0]).toMatchObject({ start: 48, end: 49 })
    await log.close()
  })

  it('is looked after by the first append of a process, however small', async () => {
    const { folder, clock, log } = await openedLog({ retentionMs: HOUR_MS })
    for (const value of ['a', 'b', 'c']) await log.append('t', [outgoing(0, [value])])
    await log.close()
    const later = await openEmbeddedLog(folder, { now: () => clock.nowMs + 2 * HOUR_MS })
    await later.append('t', [outgoing(1, ['d'])])
    expect((await offsets(later))[0]).toMatchObject({ start: 2, end: 3 })
    await later.close()
  })

  it('tells a reader which messages of which partition are gone', async () => {
    const { log } = await openedLog({ retentionBytes: 10_000 })
    const early = await log.reader('t', 0, 3)
    for (let i = 0; i < 100; i++) await log.append('t', [outgoing(0, ['x'.repeat(1000)])])
    const { start } = (await offsets(log))[0]
    expect(start).toBeGreaterThan(80)
    await expect(early.next(0)).rejects.toBeInstanceOf(ExpectedError)
    await expect(early.next(0)).rejects.toThrow(`messages 3 to ${start - 1} of t/0 are no longer kept`)
    expect((await readAll(await log.reader('t', 0, start))).length).toBe(100 - start)
    await log.close()
  })

  it('keeps the data file from growing while appends go on and readers of two processes follow', async () => {
    const { folder, log } = await openedLog({ retentionBytes: 4_000_000 })
    const child = new Child('follower', folder, 't', 0)
    await child.next()
    const reader = await log.reader('t', 1, 0)
    const random = seeded(7)
    const sizes: number[] = []
    for (let i = 0; i < 400; i++) {
      const values = Array.from({ length: 1 + random() * 100 }, () => 'x'.repeat(random() ** 3 * 6000))
      await log.append('t', [outgoing(i % 2, values)])
      if (i % 2 === 1) expect(await reader.next(0)).toBeDefined()
      sizes.push(statSync(join(folder, 'data.mdb')).size)
    }
    const [first, second] = await offsets(log)
    const appended = first.start + second.start
    expect(appended).toBeGreaterThan(10_000)
    expect(sizes[399]).toBeLessThan(8_000_000)
    expect(sizes[399] - sizes[200]).toBeLessThan(1_000_000)
    expect(child.said.length).toBeGreaterThan(10)
    await log.close()
  })

  it('drops what is left of a topic whose deleting was broken off', async () => {
    const { folder, log } = await openedLog({})
    await log.append(
      't',
      Array.from({ length: 2500 }, () => outgoing(0, ['x'])),
    )
    await log.close()
    const store = await Store.open(folder)
    await store.write((tree) => deleteTopic(tree, 't'))
    await store.close()
    const later = await openEmbeddedLog(folder)
    await later.close()
    const after = await Store.open(folder)
    const { from, to } = { from: rangeOf('C').from, to: rangeOf('G').to }
    expect(after.read((tree) => tree.keys(from, to).map(String))).toEqual([])
    await after.close()
  })

  it('frees the space of a deleted topic', async () => {
    const { folder, log } = await openedLog({})
    const values = Array.from({ length: 1000 }, () => 'x'.repeat(1000))
    const fill = async () => {
      for (let i = 0; i < 10; i++) await log.append('t', [outgoing(0, values)])
    }
    await fill()
    const size = statSync(join(folder, 'data.mdb')).size
    for (let i = 0; i < 3; i++) {
      await log.deleteTopic('t')
      await log.createTopic({ name: 't', partitions: 1 })
      await fill()
    }
    expect(statSync(join(folder, 'data.mdb')).size).toBeLessThan(size * 1.3)
    await log.close()
  })
})

import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { LaneState } from '../../src/core/orbits/lane-state.js'
import { outgoing } from '../log/messages.js'
import { auditOf } from '../support/audit-of.js'
import { expectExact, foldText, oracleOf } from '../support/lane.js'
import { hit, LaneTopic, sumOf } from '../support/lane-topic.js'
import { Workshop } from '../support/processing.js'
import { seeded, stream, textOf } from '../support/stream.js'

const hits = (from: number, count: number, step = 1) =>
  Array.from({ length: count }, (_, i) => hit(from + i * step, i % 64))

describe('a lane of several partitions', () => {
  it('waits for a partition that falls silent no longer than the idle time, and counts as late what comes of it then', async () => {
    const topic = await LaneTopic.make({ partitions: 2 })
    await topic.appendTo(0, ...hits(1_000_000, 10))
    await topic.appendTo(1, ...hits(1_000_000, 10))
    // partition 0 goes on by half a minute of detector time, while the other gives nothing
    const goOn = (i: number) => topic.appendTo(0, ...hits(1_000_010 + 20_000 * i, 200, 100))
    await topic.run({
      idleMs: 2000,
      events: [
        ...Array.from({ length: 20 }, (_, i) => [500 + 500 * i, () => goOn(i)] as const),
        [11_000, () => topic.appendTo(1, ...hits(1_000_010, 50))],
        [11_200, () => topic.appendTo(1, ...hits(1_399_000, 10))],
        [11_300, () => topic.appendTo(0, ...hits(1_400_010, 10))],
        [20_000, 'stop'],
      ],
    })
    const sum = sumOf(await topic.results())
    expect(sum.rows).toMatchObject({ read: 4090, hits: 4090, late: 50 })
    expect(sum.hit_count).toBe(4090)
    expect(sum.orbits.run).toBe(0)
    expect(await auditOf(topic.log)).toMatchObject({ verdict: 'exact', late: 50, pending: 0 })
  })

  it('starts within the idle time though a partition gives nothing, ever', async () => {
    const topic = await LaneTopic.make({ partitions: 3 })
    await topic.appendTo(0, ...hits(0, 100, 100))
    await topic.run({ idleMs: 2000, events: [[4500, 'stop']] })
    expect(sumOf(await topic.results()).rows.read).toBe(100)
  })

  it('ends at end marks when every partition has come to one, and not before', async () => {
    const topic = await LaneTopic.make({ partitions: 2 })
    await topic.appendTo(0, ...hits(10, 50))
    await topic.appendEndMark(0)
    await topic.appendTo(0, ...hits(10, 50))
    const ended = async () => {
      await topic.appendTo(1, ...hits(10, 50))
      await topic.appendEndMark(1)
      await topic.appendTo(1, ...hits(10, 30))
      await topic.appendEndMark(0)
      await topic.appendEndMark(1)
    }
    await topic.run({
      idleMs: 60_000,
      events: [
        [1000, ended],
        [3000, 'stop'],
      ],
    })
    const sum = sumOf(await topic.results())
    expect(sum).toMatchObject({ rows: { read: 180, late: 0 }, orbits: { count: 100, run: 1 }, hit_count: 180 })
    expect(await auditOf(topic.log)).toMatchObject({ verdict: 'exact', pending: 0 })
  })

  it('is not held up by a partition that has ancillary rows only', async () => {
    const topic = await LaneTopic.make({ partitions: 2 })
    const rows = (i: number) => async () => {
      await topic.appendTo(0, ...hits(10_000 * i, 100, 100))
      await topic.appendTo(1, ...Array.from({ length: 100 }, () => '0,1,0,3387200947,18504,-2.5'))
    }
    const events = Array.from({ length: 20 }, (_, i) => [500 * i, rows(i)] as const)
    await topic.run({ idleMs: 2000, events: [...events, [10_200, 'stop']] })
    expect(sumOf(await topic.results())).toMatchObject({ rows: { read: 4000, ancillary: 2000, late: 0 } })
    expect(await auditOf(topic.log)).toMatchObject({ verdict: 'exact' })
  })

  it('goes on behind what retention has deleted, and says of which partition', async () => {
    const topic = await LaneTopic.make({ partitions: 2, retentionMs: 60 * 60_000 })
    await topic.appendTo(0, ...hits(0, 3))
    await topic.appendTo(1, ...hits(0, 3))
    await topic.run()
    topic.nowMs = 2 * 60_000
    await topic.appendTo(1, ...hits(3, 2))
    topic.nowMs = 10 * 60_000
    await topic.appendTo(1, ...hits(5, 2))
    topic.nowMs = 65 * 60_000
    await topic.appendTo(0, ...hits(5, 2))
    topic.nowMs = 66 * 60_000
    await topic.appendTo(0, ...hits(7, 2))
    expect((await topic.log.topic('data_raw'))?.offsets.map(({ start }) => start)).toEqual([3, 5])
    const { warnings } = await topic.run({ events: [[topic.nowMs + 9000, 'stop']] })
    expect(warnings).toEqual([
      'retention has deleted offsets 0 to 2 of data_raw/0, rows of orbits that were still open: these orbits are counted without them',
      'retention has deleted offsets 3 to 4 of data_raw/1 before they were counted: its results have a gap',
    ])
    const counted = (await topic.results()).reduce((sum, { rows }) => sum + rows.read, 0)
    expect(counted).toBe(12)
    const found = await auditOf(topic.log)
    expect(found?.lanes[0].breaks).toEqual([{ kind: 'gap', partition: 1, from: 3, to: 5, msg_ID: 1 }])
  })
})

describe('what a lane of 64 partitions commits', () => {
  it('fits into 4 kB when it is deflated, also where the lane’s time hardly moves', async () => {
    const topic = await LaneTopic.make({ partitions: 64 })
    const random = seeded(1)
    const rows = (i: number) => () =>
      topic.log.append(
        'data_raw',
        Array.from({ length: 64 }, (_, p) => {
          const orbits = Array.from({ length: 1 + Math.floor(random() * 40) }, () => 3_000_000_000 + 8 * i)
          if (random() < 0.1) orbits.push(Math.floor(random() * 2 ** 32))
          return outgoing(
            p,
            orbits.map((orbit) => hit(orbit, p)),
            { keyedByOrbit: false },
          )
        }),
      )
    const states: LaneState[] = []
    const events = Array.from({ length: 12 }, (_, i) => [1000 * i, rows(i)] as const)
    await topic.run({ idleMs: 60_000, onState: (state) => states.push(state), events: [...events, [13_000, 'stop']] })
    const rounds = states.map(({ positions }) => positions[0].rounds?.length ?? 0)
    expect(Math.max(...rounds)).toBeGreaterThan(3)
    expect(Math.max(...states.map((state) => deflateSync(JSON.stringify(state)).length))).toBeLessThan(4096)
  }, 60_000)
})

describe('process, of a topic that is not keyed by orbit', () => {
  it('folds it with one worker, says why the others have nothing to do, and is exact', async () => {
    const shop = await Workshop.open(3)
    const rows = stream({ seed: 5, orbits: 3000, start: 1_000_000, mostApart: 30 })
    for (const p of [2, 0, 1])
      await shop.log.append('data_raw', [
        outgoing(
          p,
          rows.filter((_, i) => i % 3 === p).map(({ text }) => text),
          { keyedByOrbit: false },
        ),
      ])
    const { warnings, stop } = await shop.start({ workers: 3, lane: { idleMs: 400 } })
    await shop.untilRead()
    const isClosed = async () => {
      const results = await shop.results('topic:data_clean')
      return sumOf(results).hit_count === foldText(textOf(rows)).hit_count
    }
    while (!(await isClosed())) await new Promise((resolve) => setTimeout(resolve, 50))
    await stop()
    expect(warnings).toEqual([
      'the rows of data_raw are not keyed by orbit, so its 3 partitions are one lane, and one worker folds it; the others would have nothing to do. dtstream replay --from topic:data_raw --to topic:NAME makes a copy keyed by orbit, which any number of workers can share',
    ])
    expectExact(sumOf(await shop.results('topic:data_clean')), oracleOf(rows))
    expect(await shop.audit()).toMatchObject({ verdict: 'exact', late: 0, pending: 0, rows: rows.length })
  })
})

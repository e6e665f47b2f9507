import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ExpectedError } from '../../src/errors.js'
import { type GroupMember, type HeldLane, type Lane, LaneLostError, type Log, MESSAGE_KIND } from '../../src/log/log.js'
import { laneState, messagesOf, outgoing, readAll, valuesOf, wholeState } from '../log/messages.js'

/** A log that is empty at first. */
export interface LogPlace {
  /** Another client of the same log, as another process has it. */
  open(): Promise<Log>
  /** Called when all clients were closed. */
  remove(): Promise<void>
}

const WAIT = { timeout: 10_000, interval: 20 }

/** What every log must do. `makePlace` is called for each test. */
export function logConformance(name: string, makePlace: () => Promise<LogPlace>): void {
  describe(`the ${name} log: as every log`, () => {
    let place: LogPlace
    let log: Log
    let clients: Log[]

    beforeEach(async () => {
      place = await makePlace()
      clients = []
      log = await client()
    })

    afterEach(async () => {
      for (const one of clients) await one.close()
      await place.remove()
    })

    async function client(): Promise<Log> {
      const opened = await place.open()
      clients.push(opened)
      return opened
    }

    /** Joins and collects the lanes and what was said. */
    async function join(by: Log, topic: string, member = 'me', group = 'group', whole = false) {
      const lanes: HeldLane[] = []
      const said: string[] = []
      const joined: GroupMember = await by.joinGroup({
        ...{ group, topic, member, whole },
        onLane: (lane) => lanes.push(lane),
        onWaiting: (message) => said.push(message),
      })
      return { lanes, said, leave: () => joined.leave() }
    }

    /** Joins, waits for so many lanes, and opens them, by partition. */
    async function hold(by: Log, topic: string, count: number, member = 'me', group = 'group') {
      const joined = await join(by, topic, member, group)
      await vi.waitFor(() => expect(joined.lanes).toHaveLength(count), WAIT)
      const held = [...joined.lanes].sort((a, b) => a.partition - b.partition)
      const lanes: Lane[] = []
      for (const { lease } of held) lanes.push(await by.openLane(lease))
      return { held, lanes, leave: joined.leave }
    }

    /** Joins, and opens the one lane of all partitions. */
    async function holdWhole(by: Log, topic: string, member = 'me', group = 'group') {
      const { lanes, said, leave } = await join(by, topic, member, group, true)
      await vi.waitFor(() => expect(lanes).toHaveLength(1), WAIT)
      return { held: lanes[0], lane: await by.openLane(lanes[0].lease), said, leave }
    }

    describe('topics', () => {
      it('are made with their settings, listed by name, and deleted', async () => {
        await log.createTopic({ name: 'data_raw', partitions: 3, retentionBytes: 9e8, retentionMs: 60_000 })
        await log.createTopic({ name: 'data_clean', partitions: 1 })
        expect((await log.topics()).map((topic) => topic.name)).toEqual(['data_clean', 'data_raw'])
        const info = await log.topic('data_raw')
        expect(info).toMatchObject({ name: 'data_raw', partitions: 3, retentionBytes: 9e8, retentionMs: 60_000 })
        expect(info?.offsets).toEqual(Array.from({ length: 3 }, () => ({ start: 0, end: 0, bytes: 0 })))
        await log.deleteTopic('data_raw')
        expect(await log.topic('data_raw')).toBeUndefined()
        expect((await log.topics()).map((topic) => topic.name)).toEqual(['data_clean'])
      })

      it('are not made twice: the message says whether the partitions differ', async () => {
        await log.createTopic({ name: 'data_raw', partitions: 3 })
        const other = await client()
        const same = other.createTopic({ name: 'data_raw', partitions: 3 })
        await expect(same).rejects.toThrow(/data_raw exists already, with 3 partitions$/)
        await expect(same).rejects.toBeInstanceOf(ExpectedError)
        const more = other.createTopic({ name: 'data_raw', partitions: 10 })
        await expect(more).rejects.toThrow('with 3 partitions instead of 10')
      })

      it.each(['', '..', 'a b', 'ü', 'x'.repeat(250)])('can not be called %j', async (bad) => {
        await expect(log.createTopic({ name: bad, partitions: 1 })).rejects.toBeInstanceOf(ExpectedError)
      })

      it.each(['A', 'data_raw.2-x', 'x'.repeat(249)])('can be called %j', async (good) => {
        await log.createTopic({ name: good, partitions: 1 })
        expect((await log.topic(good))?.name).toBe(good)
      })

      it('that do not exist are named', async () => {
        const missing = [
          () => log.append('nowhere', [outgoing(0, ['a'])]),
          () => log.reader('nowhere', 0, 0),
          () => log.deleteTopic('nowhere'),
          () => log.groups('nowhere'),
          () => join(log, 'nowhere'),
        ]
        for (const attempt of missing) {
          await expect(attempt()).rejects.toThrow('nowhere')
          await expect(attempt()).rejects.toBeInstanceOf(ExpectedError)
        }
      })

      it('made anew under the same name are empty', async () => {
        await log.createTopic({ name: 'data_raw', partitions: 1 })
        await log.append('data_raw', [outgoing(0, ['old'])])
        await log.deleteTopic('data_raw')
        await log.createTopic({ name: 'data_raw', partitions: 1 })
        expect(await valuesOf(await log.reader('data_raw', 0, 0))).toEqual([])
        expect(await log.groups('data_raw')).toEqual([])
      })

      it('tell a reader that they were deleted', async () => {
        await log.createTopic({ name: 'data_raw', partitions: 1 })
        await log.append('data_raw', [outgoing(0, ['a', 'b'])])
        const reader = await log.reader('data_raw', 0, 0)
        await log.deleteTopic('data_raw')
        await expect(reader.next(0)).rejects.toThrow('data_raw')
        await expect(reader.next(0)).rejects.toBeInstanceOf(ExpectedError)
      })

      it('are keyed by orbit until a batch without the mark was appended', async () => {
        await log.createTopic({ name: 'data_raw', partitions: 2 })
        expect((await log.topic('data_raw'))?.keyedByOrbit).toBe(true)
        await log.append('data_raw', [outgoing(0, ['a'])])
        expect((await log.topic('data_raw'))?.keyedByOrbit).toBe(true)
        await log.append('data_raw', [outgoing(0, ['a']), outgoing(1, ['b'], { keyedByOrbit: false })])
        await log.append('data_raw', [outgoing(0, ['a'])])
        expect((await log.topic('data_raw'))?.keyedByOrbit).toBe(false)
      })
    })

    describe('messages', () => {
      beforeEach(() => log.createTopic({ name: 'data_raw', partitions: 3 }))

      it('come back from their partition, in order, with their kind', async () => {
        const before = Date.now()
        const kind = Uint8Array.of(MESSAGE_KIND.text, MESSAGE_KIND.daq, MESSAGE_KIND.end)
        await log.append('data_raw', [outgoing(0, ['one', 'zwei', ''], { kind }), outgoing(2, ['drei'])])
        await log.append('data_raw', [outgoing(0, ['four'])])
        const all = await readAll(await (await client()).reader('data_raw', 0, 0))
        expect(all.map(({ value, kind: of }) => [value, of])).toEqual([
          ['one', MESSAGE_KIND.text],
          ['zwei', MESSAGE_KIND.daq],
          ['', MESSAGE_KIND.end],
          ['four', MESSAGE_KIND.text],
        ])
        expect(await valuesOf(await log.reader('data_raw', 1, 0))).toEqual([])
        const batch = await (await log.reader('data_raw', 2, 0)).next(0)
        expect(batch).toMatchObject({ topic: 'data_raw', partition: 2, count: 1 })
        expect(batch?.appendedAtMs).toBeGreaterThanOrEqual(before - 1000)
        expect(batch?.appendedAtMs).toBeLessThanOrEqual(Date.now() + 1000)
        const info = await log.topic('data_raw')
        expect(info?.offsets[0].end).toBeGreaterThan(all[3].offset)
        expect(info?.offsets[0].bytes).toBeGreaterThanOrEqual(11)
      })

      it('have offsets that reading can go on from, wherever that is', async () => {
        await log.append('data_raw', [outgoing(1, ['a', 'b', 'c', 'd', 'e'])])
        await log.append('data_raw', [outgoing(1, ['f'])])
        const all = await readAll(await log.reader('data_raw', 1, 0))
        expect(all.map(({ value }) => value).join('')).toBe('abcdef')
        for (const [i, { offset }] of all.entries()) {
          const batch = await (await log.reader('data_raw', 1, offset)).next(0)
          expect(batch?.firstOffset).toBe(offset)
          expect(batch && messagesOf(batch)[0]).toEqual(all[i])
          expect(await readAll(await log.reader('data_raw', 1, offset))).toEqual(all.slice(i))
        }
        expect(await readAll(await log.reader('data_raw', 1, all[5].offset + 1))).toEqual([])
      })

      it('stay in the order of appends that are not awaited', async () => {
        const values = Array.from({ length: 50 }, (_, i) => `value ${i}`)
        await Promise.all(values.map((value) => log.append('data_raw', [outgoing(0, [value])])))
        expect(await valuesOf(await log.reader('data_raw', 0, 0))).toEqual(values)
      })

      it('of any size up to a megabyte are kept', async () => {
        const values = [0, 1, 1000, 300_000, 1_000_000, 5].map((size) => 'x'.repeat(size))
        await log.append('data_raw', [outgoing(0, values)])
        expect((await valuesOf(await log.reader('data_raw', 0, 0))).map((value) => value.length)).toEqual(
          values.map((value) => value.length),
        )
      })

      it('are all appended, or none: an unknown partition spoils the whole', async () => {
        const batches = [outgoing(0, ['a']), outgoing(7, ['b'])]
        await expect(log.append('data_raw', batches, { key: 'source', value: 1 })).rejects.toBeInstanceOf(ExpectedError)
        expect(await valuesOf(await log.reader('data_raw', 0, 0))).toEqual([])
        expect(await log.progress('source')).toBeUndefined()
      })

      it('an append of nothing changes nothing', async () => {
        await log.append('data_raw', [])
        await log.append('data_raw', [outgoing(0, [], { keyedByOrbit: false })])
        const info = await log.topic('data_raw')
        expect(info?.keyedByOrbit).toBe(true)
        expect(info?.offsets[0].end).toBe(0)
      })
    })

    describe('progress', () => {
      beforeEach(() => log.createTopic({ name: 'data_raw', partitions: 1 }))

      it('is kept with the messages, by key, and forgotten', async () => {
        const long = `file:${'x'.repeat(3000)}`
        expect(await log.progress('a')).toBeUndefined()
        await log.append('data_raw', [outgoing(0, ['1'])], { key: 'a', value: { bytes: 17, names: ['x'] } })
        await log.append('data_raw', [], { key: long, value: null })
        const other = await client()
        expect(await other.progress('a')).toEqual({ bytes: 17, names: ['x'] })
        expect(await other.progress(long)).toBeNull()
        await log.append('data_raw', [], { key: 'a', value: undefined })
        expect(await other.progress('a')).toBeUndefined()
      })
    })

    describe('waiting', () => {
      beforeEach(() => log.createTopic({ name: 'data_raw', partitions: 2 }))

      it('ends when a message of that partition comes', async () => {
        const reader = await log.reader('data_raw', 0, 0)
        const next = reader.next(20_000)
        await log.append('data_raw', [outgoing(1, ['other'])])
        await (await client()).append('data_raw', [outgoing(0, ['mine'])])
        const batch = await next
        expect(batch && messagesOf(batch).map(({ value }) => value)).toEqual(['mine'])
      })

      it('ends without a message when the time is over', async () => {
        const reader = await log.reader('data_raw', 0, 0)
        expect(await reader.next(0)).toBeUndefined()
        const since = performance.now()
        expect(await reader.next(60)).toBeUndefined()
        expect(performance.now() - since).toBeGreaterThan(50)
      })

      it('ends when the reader is closed', async () => {
        const reader = await log.reader('data_raw', 0, 0)
        const next = reader.next(20_000)
        await reader.close()
        expect(await next).toBeUndefined()
      })
    })

    describe('lanes', () => {
      beforeEach(async () => {
        await log.createTopic({ name: 'data_raw', partitions: 2 })
        await log.createTopic({ name: 'data_clean', partitions: 1 })
        await log.append('data_raw', [outgoing(0, ['a', 'b', 'c'])])
      })

      const results = (...values: string[]) => ({
        topic: 'data_clean',
        values: values.map((value) => Buffer.from(value)),
      })
      const sent = async () => valuesOf(await log.reader('data_clean', 0, 0))

      it('come to a member that is alone, all of them', async () => {
        const { held, lanes } = await hold(log, 'data_raw', 2)
        const [first, second] = lanes
        expect([first.partition, second.partition]).toEqual([0, 1])
        expect(first).toMatchObject({ topic: 'data_raw', state: undefined, partitions: [0] })
        expect(first.extents).toEqual([{ partition: 0, startOffset: 0, endOffset: expect.any(Number) }])
        expect(first.extents[0].endOffset).toBeGreaterThanOrEqual(3)
        expect(held.map(({ lost }) => lost.aborted)).toEqual([false, false])
        expect(await valuesOf(await first.reader(0, 1))).toEqual(['b', 'c'])
      })

      it('commit state and results, which the next holder finds', async () => {
        const one = await hold(log, 'data_raw', 2)
        const [lane] = one.lanes
        await lane.commit(laneState(2, 1), results('first'))
        await lane.commit(laneState(3, 3), results('second', 'third'))
        expect(await sent()).toEqual(['first', 'second', 'third'])
        await one.leave()
        expect(one.held.map(({ lost }) => lost.aborted)).toEqual([true, true])
        const two = await hold(await client(), 'data_raw', 2)
        expect(two.lanes.map(({ state }) => state)).toEqual([laneState(3, 3), undefined])
        const another = await hold(await client(), 'data_raw', 2, 'me', 'another group')
        expect(another.lanes.map(({ state }) => state)).toEqual([undefined, undefined])
      })

      it('are waited for while another member holds them, with one sentence, and taken over when it leaves', async () => {
        await log.createTopic({ name: 'narrow', partitions: 1 })
        const one = await join(log, 'narrow', 'process 17 on here')
        await vi.waitFor(() => expect(one.lanes).toHaveLength(1), WAIT)
        const two = await join(await client(), 'narrow', 'process 18 on here')
        await vi.waitFor(() => expect(two.said).toHaveLength(1), WAIT)
        for (const word of ['narrow', 'group', 'process 17 on here']) expect(two.said[0]).toContain(word)
        await sleep(300)
        expect(two.said).toHaveLength(1)
        expect(two.lanes).toEqual([])
        expect(one.lanes.map((lane) => lane.lost.aborted)).toEqual([false])
        await one.leave()
        await vi.waitFor(() => expect(two.lanes).toHaveLength(1), WAIT)
      })

      it('shut out who had them: nothing of its commit is written', async () => {
        const one = await hold(log, 'data_raw', 2)
        const [lane] = one.lanes
        await lane.commit(laneState(1, 1), results('good'))
        await one.leave()
        const two = await hold(await client(), 'data_raw', 2)
        await expect(lane.commit(laneState(3, 2), results('bad'))).rejects.toBeInstanceOf(LaneLostError)
        expect(await sent()).toEqual(['good'])
        expect((await log.groups('data_raw'))[0].lanes[0].nextOffset).toBe(1)
        await two.lanes[0].commit(laneState(2, 2), results('better'))
        expect(await sent()).toEqual(['good', 'better'])
      })

      it('commit nothing where the results have nowhere to go', async () => {
        const { lanes } = await hold(log, 'data_raw', 2)
        const nowhere = { topic: 'nowhere', values: [Buffer.from('x')] }
        await expect(lanes[0].commit(laneState(1, 1), nowhere)).rejects.toBeInstanceOf(ExpectedError)
        expect(await log.groups('data_raw')).toEqual([])
      })

      it('are opened by another client, by a lease that has travelled as JSON, and again by one more', async () => {
        const one = await hold(log, 'data_raw', 2)
        await one.lanes[0].commit(laneState(1, 1), results('by the member'))
        const lease = JSON.parse(JSON.stringify(one.held[0].lease))
        const opened = await (await client()).openLane(lease)
        expect(opened).toMatchObject({ partition: 0, lease, state: laneState(1, 1) })
        expect(await valuesOf(await opened.reader(0, 0))).toEqual(['a', 'b', 'c'])
        await opened.commit(laneState(2, 2), results('by another thread'))
        await opened.close()
        const again = await (await client()).openLane(lease)
        expect(again.state).toEqual(laneState(2, 2))
        await again.commit(laneState(3, 3), results('by a third'))
        expect(one.held[0].lost.aborted).toBe(false)
        await one.leave()
        expect(one.held[0].lost.aborted).toBe(true)
        expect(await sent()).toEqual(['by the member', 'by another thread', 'by a third'])
      })

      it('are listed by group, with the offsets committed and who holds them', async () => {
        const one = await hold(log, 'data_raw', 2, 'process 17 on here', 'alpha')
        const two = await hold(log, 'data_raw', 2, 'process 18 on here', 'beta')
        await two.lanes[1].commit(laneState(0, 1, 1))
        for (const lane of one.lanes) await lane.commit(laneState(2 + lane.partition, 0, lane.partition))
        await two.leave()
        expect(await log.groups('data_raw')).toEqual([
          {
            group: 'alpha',
            lanes: [
              { partition: 0, nextOffset: 2, nextMessage: 0, holder: 'process 17 on here' },
              { partition: 1, nextOffset: 3, nextMessage: 0, holder: 'process 17 on here' },
            ],
          },
          { group: 'beta', lanes: [{ partition: 1, nextOffset: 0, nextMessage: 1, holder: undefined }] },
        ])
        expect(await log.groups('data_clean')).toEqual([])
      })
    })

    describe('a lane of all partitions', () => {
      beforeEach(async () => {
        await log.createTopic({ name: 'data_raw', partitions: 3 })
        await log.createTopic({ name: 'data_clean', partitions: 1 })
        const keyedByOrbit = false
        await log.append('data_raw', [
          outgoing(0, ['a', 'b'], { keyedByOrbit }),
          outgoing(2, ['c', 'd', 'e'], { keyedByOrbit }),
        ])
      })

      const ALL = [0, 1, 2]
      const results = (...values: string[]) => ({
        topic: 'data_clean',
        values: values.map((value) => Buffer.from(value)),
      })
      const sent = async () => valuesOf(await log.reader('data_clean', 0, 0))

      it('comes to a member that is alone, and reads each of them', async () => {
        const { held, lane } = await holdWhole(log, 'data_raw')
        expect(held).toMatchObject({ topic: 'data_raw', partition: 0, partitions: ALL })
        expect(lane).toMatchObject({ topic: 'data_raw', partition: 0, partitions: ALL, state: undefined })
        expect(lane.extents.map(({ partition, startOffset }) => [partition, startOffset])).toEqual(
          ALL.map((p) => [p, 0]),
        )
        expect(lane.extents[2].endOffset).toBeGreaterThanOrEqual(3)
        expect(await valuesOf(await lane.reader(0, 0))).toEqual(['a', 'b'])
        expect(await valuesOf(await lane.reader(1, 0))).toEqual([])
        expect(await valuesOf(await lane.reader(2, 1))).toEqual(['d', 'e'])
        expect((await (await lane.reader(2, 0)).next(0))?.keyedByOrbit).toBe(false)
      })

      it('commits one state for all, which the next holder finds, and is listed by partition', async () => {
        const one = await holdWhole(log, 'data_raw', 'process 17 on here')
        await one.lane.commit(wholeState(ALL, 1, 1), results('first'))
        await one.lane.commit(wholeState(ALL, 2, 3), results('second', 'third'))
        expect(await sent()).toEqual(['first', 'second', 'third'])
        const holder = 'process 17 on here'
        const lanes = ALL.map((partition) => ({ partition, nextOffset: 2, nextMessage: 3, holder }))
        expect(await log.groups('data_raw')).toEqual([{ group: 'group', lanes }])
        const other = await (await client()).openLane(JSON.parse(JSON.stringify(one.held.lease)))
        expect(other.state).toEqual(wholeState(ALL, 2, 3))
        await one.leave()
        expect(one.held.lost.aborted).toBe(true)
        const two = await holdWhole(await client(), 'data_raw')
        expect(two.lane.state).toEqual(wholeState(ALL, 2, 3))
        await expect(one.lane.commit(wholeState(ALL, 3, 4), results('bad'))).rejects.toBeInstanceOf(LaneLostError)
        await two.lane.commit(wholeState(ALL, 3, 4), results('good'))
        expect(await sent()).toEqual(['first', 'second', 'third', 'good'])
      })

      it('keeps a state of many partitions', async () => {
        await log.createTopic({ name: 'wide', partitions: 64 })
        const all = Array.from({ length: 64 }, (_, partition) => partition)
        const { lane, leave } = await holdWhole(log, 'wide')
        const state = wholeState(all, 1, 1)
        for (const position of state.positions) position.nextOffset += 1e9 + position.partition * 7919
        await lane.commit(state)
        await leave()
        expect((await holdWhole(log, 'wide')).lane.state).toEqual(state)
      })

      it('is waited for while another member holds it', async () => {
        const one = await holdWhole(log, 'data_raw', 'process 17 on here')
        const two = await join(await client(), 'data_raw', 'process 18 on here', 'group', true)
        await vi.waitFor(() => expect(two.said).toHaveLength(1), WAIT)
        for (const word of ['data_raw', 'group', 'process 17 on here']) expect(two.said[0]).toContain(word)
        expect(two.lanes).toEqual([])
        await one.leave()
        await vi.waitFor(() => expect(two.lanes).toHaveLength(1), WAIT)
      })

      it('may follow lanes of one partition each, and they it, as long as no result was sent', async () => {
        const apart = await hold(log, 'data_raw', 3)
        for (const lane of apart.lanes) await lane.commit(laneState(1, 0, lane.partition))
        await apart.leave()
        const whole = await holdWhole(log, 'data_raw')
        expect(whole.lane.state).toBeUndefined()
        await whole.lane.commit(wholeState(ALL, 2))
        await whole.leave()
        const again = await hold(log, 'data_raw', 3)
        expect(again.lanes.map(({ state }) => state)).toEqual([undefined, undefined, undefined])
      })

      it('is refused where results of its partitions were sent, and they where its results were', async () => {
        const apart = await hold(log, 'data_raw', 3)
        await apart.lanes[1].commit(laneState(0, 1, 1), results('apart'))
        await apart.leave()
        const whole = holdWhole(log, 'data_raw')
        await expect(whole).rejects.toBeInstanceOf(ExpectedError)
        await expect(whole).rejects.toThrow(/group group .* apart, so it cannot go on with them as one lane/)
        const other = await holdWhole(log, 'data_raw', 'me', 'other')
        await other.lane.commit(wholeState(ALL, 1, 1), results('whole'))
        await other.leave()
        const back = hold(log, 'data_raw', 3, 'me', 'other')
        await expect(back).rejects.toThrow(/group other .* as one lane, so it cannot go on with them apart/)
      })
    })
  })
}

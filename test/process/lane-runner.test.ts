import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { type Lane, LaneLostError } from '../../src/log/log.js'
import type { Delivered } from '../../src/process/lane-runner.js'
import { foldText } from '../support/lane.js'
import { hit, LaneTopic, nothingSaid, outline, START_MS, sumOf } from '../support/lane-topic.js'
import { pieces, randomCuts, seeded, shuffledWithin, stream, textOf } from '../support/stream.js'

const at = (ms: number) => new Date(START_MS + ms).toISOString()

describe('a lane at work', () => {
  it('sends one result an interval; ranges chain, numbers run on, and nothing is sent when nothing happened', async () => {
    const topic = await LaneTopic.make()
    const rows = (from: number, ...orbits: number[]) =>
      [from, () => topic.append(...orbits.map((o) => hit(o)))] as const
    await topic.run({
      grace: 8,
      events: [rows(0, 10, 11), rows(300, 12), rows(1200, 13, 14), rows(3100, 900), [4500, 'stop']],
    })
    const results = await topic.results()
    expect(outline(results)).toEqual([
      [0, 0, 3, 3, 0],
      [1, 3, 5, 2, 0],
      [2, 5, 6, 1, 5],
    ])
    expect(results.map(({ interval }) => interval)).toEqual([
      { start: at(0), end: at(1000) },
      { start: at(1000), end: at(2000) },
      { start: at(3000), end: at(4000) },
    ])
    expect(results.map(({ worker }) => worker)).toEqual(Array.from({ length: 3 }, () => 'dtstream/test/0'))
    expect(results.map(({ source: [{ watermark }] }) => watermark)).toEqual([4, 6, 892])
  })

  it('closes all orbits when nothing came for the idle time; their rows are late from then on', async () => {
    const topic = await LaneTopic.make()
    await topic.run({
      idleMs: 5000,
      events: [
        [0, () => topic.append(hit(10), hit(11))],
        [3000, () => topic.append(hit(12))],
        [9000, () => topic.append(hit(12), hit(13))],
        [9500, 'stop'],
      ],
    })
    const results = await topic.results()
    expect(outline(results)).toEqual([
      [0, 0, 2, 2, 0],
      [1, 2, 3, 1, 0],
      [2, 3, 3, 0, 3],
      [3, 3, 5, 2, 0],
    ])
    expect(results[2].interval.end).toBe(at(8000))
    expect(results[2].source[0].watermark).toBe(12)
    expect(results.map(({ rows }) => rows.late)).toEqual([0, 0, 0, 1])
  })

  it('takes no time in which it sent a result for time in which nothing came', async () => {
    const topic = await LaneTopic.make()
    const deliver = async ({ result }: Delivered) => {
      if (result.msg_ID === 0) topic.nowMs += 6000
    }
    await topic.run({
      idleMs: 5000,
      sinks: { ...topic.surroundings(), deliver },
      events: [
        [0, () => topic.append(hit(10), hit(11))],
        [7500, () => topic.append(hit(11), hit(12))],
        [9000, 'stop'],
      ],
    })
    const results = await topic.results()
    expect(outline(results)).toEqual([
      [0, 0, 2, 2, 0],
      [1, 2, 4, 2, 0],
    ])
    expect(results.map(({ rows }) => rows.late)).toEqual([0, 0])
  })

  it('closes all orbits at an end mark', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    await topic.appendEndMark()
    await topic.run()
    expect(outline(await topic.results())).toEqual([[0, 0, 3, 2, 2]])
  })

  it('that is stopped sends what it has, and leaves open orbits to the next', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    await topic.run()
    await topic.append(hit(11, 8), hit(12))
    await topic.appendEndMark()
    await topic.run()
    const results = await topic.results()
    expect(outline(results)).toEqual([
      [0, 0, 2, 2, 0],
      [1, 2, 5, 2, 3],
    ])
    const truth = foldText([hit(10), hit(11), hit(11, 8), hit(12)].map((row) => `${row}\n`).join(''))
    expect(compareCounts(truth, sumOf(results))).toEqual([])
  })

  it('is stopped while it waits for rows, without waiting for its interval', async () => {
    const topic = await LaneTopic.make()
    const lanes: Lane[] = []
    const member = { group: 'g', topic: 'data_raw', whole: false, member: 'test', onWaiting: () => {} }
    await topic.log.joinGroup({ ...member, onLane: (lane: Lane) => lanes.push(lane) })
    const stop = new AbortController()
    const { LaneRunner } = await import('../../src/process/lane-runner.js')
    const surroundings = { ...topic.surroundings(), wallNow: Date.now, now: () => performance.now() }
    const runner = new LaneRunner(lanes[0], { ...topic.defaults('g'), intervalMs: 3_600_000 }, surroundings)
    const running = runner.run(stop.signal)
    setTimeout(() => stop.abort(), 50)
    await running
  })

  it.each([
    ['and knows of it', async (lane: Lane) => vi.waitFor(() => expect(lane.lost.aborted).toBe(true), 10_000)],
    ['and does not know of it yet', async () => {}],
  ])('that loses its lane in the middle writes nothing more: one that lost it %s', async (_name, untilKnown) => {
    const topic = await LaneTopic.make()
    const other = await openEmbeddedLog(topic.folder, { silenceMs: 50 })
    let taken: Lane | undefined
    const takeOver = async (lane: Lane) => {
      taken = await new Promise<Lane>((resolve) => {
        const onLane = (found: Lane) => resolve(found)
        other.joinGroup({ group: 'dtstream', topic: 'data_raw', whole: false, member: 'other', onLane, onWaiting() {} })
      })
      await untilKnown(lane)
    }
    const said = nothingSaid()
    const rows = () => topic.append(hit(10), hit(11))
    await topic
      .run({
        said,
        events: [
          [0, rows],
          [1200, rows],
          [1500, takeOver],
          [5000, 'stop'],
        ],
      })
      .catch((error) => {
        if (!(error instanceof LaneLostError)) throw error
      })
    expect(taken?.state).toMatchObject({ positions: [{ nextOffset: 2 }], nextMessage: 1 })
    expect(outline(await topic.results())).toEqual([[0, 0, 2, 2, 0]])
    if (untilKnown.length > 0) expect(said.delivered).toHaveLength(1)
    await other.close()
  })

  it('shows malformed records with their offset, and ends at the first with strict', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), '2,0,7,bad,100,5', hit(11), `${'x'.repeat(100)}`)
    const said = await topic.run()
    expect(said.malformed).toEqual(['data_raw/0 offset 1: 2,0,7,bad,100,5', `data_raw/0 offset 3: ${'x'.repeat(79)}…`])
    const [result] = await topic.results()
    expect(result.rows).toMatchObject({ read: 4, hits: 2, malformed: 2 })
    await expect(topic.run({ group: 'strict', strict: true })).rejects.toThrow(
      'cannot be read as a record: data_raw/0 offset 1: 2,0,7,bad,100,5',
    )
    expect(await topic.committedOffset('strict')).toBe(0)
  })
})

describe('a lane whose workers stop and die at random', () => {
  interface End {
    /** looks for rows before it */
    looks: number
    how: 'stop' | 'die'
  }
  const anyEnd: fc.Arbitrary<End> = fc.record({ looks: fc.nat(12), how: fc.constantFrom('stop', 'die') })
  const anyCase = fc.record({
    seed: fc.nat(),
    grace: fc.constantFrom(1, 16, 300),
    mostRows: fc.constantFrom(1, 10, 100),
    ends: fc.array(anyEnd, { minLength: 1, maxLength: 8 }),
  })

  /** Up to eight batches and more of rows that are out of order within the grace, over the counter's wrap. */
  async function fill(topic: LaneTopic, { seed, grace, mostRows }: { seed: number; grace: number; mostRows: number }) {
    const ordered = stream({ seed, orbits: mostRows * 8, start: 2 ** 32 - 500, mostApart: 40 })
    const rows = shuffledWithin(grace, ordered, seed)
    for (const batch of pieces(rows, randomCuts(rows.length, mostRows, seed)))
      await topic.append(...batch.map(({ text }) => text))
    await topic.appendEndMark()
    return rows
  }

  function endAfter({ looks, how }: End, goOn: () => void): (stop: () => void) => void {
    let left = looks
    return (stop) => {
      goOn()
      if (left-- > 0) return
      if (how === 'die') throw new Error('died')
      stop()
    }
  }

  it('counts as one that is never interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ ends, ...content }) => {
        const { grace, seed } = content
        const topic = await LaneTopic.make()
        const rows = await fill(topic, content)
        const random = seeded(seed)
        const goOn = () => {
          topic.nowMs += random() * 700
        }
        for (const end of ends)
          await topic
            .run({ grace, beforeRead: endAfter(end, goOn) })
            .catch((error) => expect(error.message).toBe('died'))
        await topic.run({ grace, beforeRead: goOn })
        const chain = outline(await topic.results())
        expect(chain.map(([number]) => number)).toEqual(chain.map((_, i) => i))
        expect(chain.map(([, from]) => from)).toEqual([0, ...chain.slice(0, -1).map(([, , to]) => to)])
        expect(chain.at(-1)?.[2]).toBe(rows.length + 1)
        const sum = sumOf(await topic.results())
        expect(sum.rows.late).toBe(0)
        expect(compareCounts(foldText(textOf(rows), { grace }), sum)).toEqual([])
      }),
      { numRuns: 12 },
    )
  })
})

describe('a lane that begins at the end', () => {
  it.each([
    ['commits each result', { commitEach: true }],
    ['commits when a file is whole', { commitTo: undefined, commitEach: false }],
  ])('and stops before a row came begins there again: one that %s', async (_name, how) => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    await topic.run({ begin: 'end', ...how })
    await topic.append(hit(12))
    const { delivered } = await topic.run({ begin: 'end', ...how })
    expect(outline(delivered.map(({ result }) => result))).toEqual([[0, 2, 3, 1, 0]])
  })
})

const die = () => Promise.reject(new Error('died'))

describe('a lane whose results go into a file', () => {
  const file = { commitTo: undefined, commitEach: false }

  it('commits only when the file is whole', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    await expect(topic.run({ ...file, events: [[3000, die]] })).rejects.toThrow('died')
    expect(await topic.committedOffset()).toBeUndefined()
    const { delivered } = await topic.run({ ...file, events: [[5000, 'stop']] })
    expect(outline(delivered.map(({ result }) => result))).toEqual([[0, 0, 2, 2, 0]])
    expect(await topic.committedOffset()).toBe(2)
  })

  it('goes on behind what a worker that has died delivered', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    const said = nothingSaid()
    await expect(topic.run({ ...file, said, events: [[3000, die]] })).rejects.toThrow('died')
    const rows = async () => {
      await topic.append(hit(11, 9), hit(12))
      await topic.appendEndMark()
    }
    await topic.run({
      ...file,
      said,
      delivered: said.delivered[0],
      events: [
        [3500, rows],
        [6000, 'stop'],
      ],
    })
    const results = said.delivered.map(({ result }) => result)
    expect(outline(results)).toEqual([
      [0, 0, 2, 2, 0],
      [1, 2, 5, 2, 3],
    ])
    expect(sumOf(results).tdc_counts_chamber['0']).toEqual({ bin_edges: [7, 9], hist_counts: [3, 1] })
    expect(await topic.committedOffset()).toBe(5)
  })
})

describe('a lane whose results go to a topic and elsewhere', () => {
  it.each([
    ['before it was committed', [() => {}, () => expect.fail('died')]],
    ['after it was committed', [() => {}, () => {}, () => expect.fail('died')]],
  ])('sends none twice and leaves none out when a worker dies: one that was delivered, %s', async (_name, commits) => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11))
    const said = nothingSaid()
    const rows = () => topic.append(hit(12))
    const dying = {
      said,
      beforeCommit: () => commits.shift()?.(),
      events: [
        [1500, rows],
        [5000, 'stop'],
      ] as const,
    }
    await expect(topic.run(dying)).rejects.toThrow('died')
    await topic.append(hit(13))
    await topic.run({ said, delivered: said.delivered.at(-1), events: [[8000, 'stop']] })
    const results = await topic.results()
    expect(outline(results).map(([number, from, to]) => [number, from, to])).toEqual(
      outline(said.delivered.map(({ result }) => result)).map(([number, from, to]) => [number, from, to]),
    )
    expect(said.delivered.map(({ result }) => result)).toEqual(results)
  })
})

describe('a lane whose rows retention has deleted', () => {
  const MINUTE_MS = 60_000

  /** `later` minutes after it was made, a topic that keeps messages for an hour looks after that. */
  async function goOn(topic: LaneTopic, later: number, row: string): Promise<number | undefined> {
    topic.nowMs = later * MINUTE_MS
    await topic.append(row)
    return (await topic.log.topic('data_raw'))?.offsets[0].start
  }

  it('says that rows were not counted, and its results have a gap', async () => {
    const topic = await LaneTopic.make({ retentionMs: 60 * MINUTE_MS })
    await topic.append(hit(10))
    await topic.appendEndMark()
    await topic.run()
    await goOn(topic, 2, hit(20))
    await goOn(topic, 10, hit(21))
    expect(await goOn(topic, 65, hit(22))).toBe(3)
    const { warnings } = await topic.run()
    expect(warnings).toEqual([
      'retention has deleted offsets 2 to 2 of data_raw/0 before they were counted: its results have a gap',
    ])
    expect(outline(await topic.results())).toEqual([
      [0, 0, 2, 1, 1],
      [1, 3, 5, 2, 0],
    ])
  })

  it('says that open orbits are not whole, and counts no row twice', async () => {
    const topic = await LaneTopic.make({ retentionMs: 60 * MINUTE_MS })
    await topic.append(hit(10))
    await goOn(topic, 10, hit(11))
    await topic.run()
    expect(await goOn(topic, 65, hit(12))).toBe(1)
    await topic.appendEndMark()
    const { warnings } = await topic.run()
    expect(warnings).toEqual([
      'retention has deleted offsets 0 to 0 of data_raw/0, rows of orbits that were still open: these orbits are counted without them',
    ])
    expect(outline(await topic.results())).toEqual([
      [0, 0, 2, 2, 0],
      [1, 2, 4, 1, 2],
    ])
  })
  it('while it was at work goes on behind them, and what it had read counts', async () => {
    const topic = await LaneTopic.make({ retentionMs: 60 * MINUTE_MS })
    await topic.append(hit(10))
    let looks = 0
    const beforeRead = async () => {
      if (++looks !== 2) return
      await topic.append(hit(11))
      await goOn(topic, 120, hit(12))
      await topic.appendEndMark()
    }
    const { warnings } = await topic.run({ beforeRead })
    expect(warnings).toEqual([
      'retention has deleted offsets 1 to 1 of data_raw/0 before they were counted: its results have a gap',
    ])
    expect(outline(await topic.results())).toEqual([
      [0, 0, 1, 1, 0],
      [1, 2, 3, 1, 0],
      [2, 3, 4, 0, 1],
    ])
  })
})

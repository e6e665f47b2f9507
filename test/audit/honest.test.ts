import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { auditOf } from '../support/audit-of.js'
import { type Event, hit, LaneTopic, outline } from '../support/lane-topic.js'

const signal = (orbit: number) => `2,1,128,${orbit},90,1`

/** How many orbits were closed by results that cover no message: idleness alone. */
function closedIdle(results: readonly Result[]): number {
  return results.reduce((sum, { source: [{ from, to }], orbits }) => sum + (from === to ? orbits.count : 0), 0)
}

describe('results of a lane where nothing came for a while are exact', () => {
  it('with orbits that idleness closed, a stray among them, and rows that came late', async () => {
    const topic = await LaneTopic.make()
    await topic.run({
      events: [
        [0, () => topic.append(hit(10), signal(10), hit(11), hit(3_000_000_000), hit(12))],
        // after the idle time: late rows, and new ones
        [8000, () => topic.append(hit(12), hit(3_000_000_000), hit(13), signal(13))],
        [20_000, 'stop'],
      ],
    })
    const results = await topic.results()
    expect(outline(results)).toEqual([
      [0, 0, 5, 5, 0],
      [1, 5, 5, 0, 4],
      [2, 5, 9, 4, 0],
      [3, 9, 9, 0, 1],
    ])
    expect(results[2].rows.late).toBe(2)
    expect(await auditOf(topic.log)).toMatchObject({ verdict: 'exact', results: 4, rows: 9, late: 2 })
  })

  it('when the group began with a later row', async () => {
    const topic = await LaneTopic.make()
    await topic.append(hit(10), hit(11), hit(12))
    await topic.run({
      begin: 'end',
      events: [
        [0, () => topic.append(hit(11), hit(12))],
        [9000, 'stop'],
      ],
    })
    expect(outline(await topic.results())).toEqual([
      [0, 3, 5, 2, 0],
      [1, 5, 5, 0, 2],
    ])
    expect(await auditOf(topic.log)).toMatchObject({ verdict: 'exact', rows: 2, pending: 0 })
  })

  it('whatever the rows, the pauses, the stops and the deaths', async () => {
    const anyRow = fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant('on' as const), by: fc.nat(12) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('on' as const), by: fc.integer({ min: -400, max: 3000 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const), by: fc.nat(2 ** 32 - 1) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('stray' as const), by: fc.nat(2 ** 32 - 1) }) },
    )
    const anyStep = fc.record({
      pauseMs: fc.oneof(fc.nat(1500), fc.constant(5000), fc.integer({ min: 4900, max: 12_000 })),
      rows: fc.array(fc.tuple(anyRow, fc.boolean()), { minLength: 1, maxLength: 20 }),
      next: fc.oneof({ weight: 4, arbitrary: fc.constant('goes on') }, fc.constantFrom('stop', 'die', 'end mark')),
    })
    let idle = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 2, maxLength: 12 }),
        fc.constantFrom(4, 100),
        async (steps, grace) => {
          const topic = await LaneTopic.make()
          let orbit = 2 ** 32 - 200
          const move = ({ kind, by }: { kind: string; by: number }) => {
            if (kind === 'stray') return by
            orbit = (kind === 'jump' ? by : orbit + by) >>> 0
            return orbit
          }
          let atMs = 0
          let events: Event[] = []
          const work = async (end: Event) => {
            await topic.run({ grace, events: [...events, end] }).catch(({ message }) => expect(message).toBe('died'))
            events = []
          }
          for (const { pauseMs, rows, next } of steps) {
            atMs += pauseMs
            const texts = rows.map(([row, isSignal]) => (isSignal ? signal(move(row)) : hit(move(row))))
            events.push([atMs, () => topic.append(...texts)])
            if (next === 'end mark') events.push([atMs, () => topic.appendEndMark()])
            if (next === 'stop') await work([atMs, 'stop'])
            if (next === 'die') await work([atMs + 700, () => Promise.reject(new Error('died'))])
          }
          await work([atMs + 20_000, 'stop'])
          idle += closedIdle(await topic.results())
          const audit = await auditOf(topic.log, { settings: { grace } })
          expect(audit).toMatchObject({ verdict: 'exact', pending: 0 })
        },
      ),
      { numRuns: 60 },
    )
    expect(idle).toBeGreaterThan(0)
  })
})

import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { type Events, type LaneRows, workThrough } from '../../support/interrupted-lane.js'
import { countsOf, expectSame, parseAll, sum } from '../../support/lane.js'
import { randomCuts, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

interface Plan {
  seed: number
  orbits: number
  mostApart: number
  grace: number
  batch: number
  eventsEach: number
  restarts: boolean
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  orbits: fc.integer({ min: 1, max: 200 }),
  mostApart: fc.constantFrom(1, 20, 300, 5000, 100_000),
  grace: fc.constantFrom(1, 100, 2048, 5000),
  batch: fc.constantFrom(1, 10, 100, 500),
  eventsEach: fc.constantFrom(3, 30, 300),
  restarts: fc.boolean(),
})

/** Rows displaced by less than the displacement, a few absurd orbits again and again among them, perhaps of two runs. */
function rowsOf({ seed, orbits, mostApart, restarts }: Plan, displacement: number): StreamRow[] {
  const random = seeded(seed)
  const anyOrbit = () => Math.floor(random() * 2 ** 32)
  const first = stream({ seed, orbits, start: anyOrbit(), mostApart })
  const second = restarts
    ? stream({ seed: seed + 1, orbits, start: anyOrbit(), mostApart, at: (first.at(-1)?.at ?? 0) + 1 })
    : []
  const absurd = Array.from({ length: 5 }, anyOrbit)
  return shuffledWithin(displacement, [...first, ...second], seed).map((row) => {
    if (random() > 0.03) return row
    const orbit = absurd[Math.floor(random() * absurd.length)]
    return { ...row, orbit, text: row.text.replace(`,${row.orbit},`, `,${orbit},`) }
  })
}

function laneOf(rows: StreamRow[], plan: Plan): LaneRows {
  return { rows: parseAll(textOf(rows)), batchEnds: randomCuts(rows.length, plan.batch, plan.seed + 1) }
}

function randomEvents(length: number, { seed, eventsEach }: Plan): Events {
  const random = seeded(seed + 2)
  return new Map(
    randomCuts(length - 1, eventsEach, seed + 3).map((offset) => [offset, random() < 0.5 ? 'commit' : 'crash']),
  )
}

/** Compares an undisturbed lane with one that is killed and restarted at random. */
function expectSameCounts(lane: LaneRows, plan: Plan): void {
  const whole = sum(workThrough(lane, new Map(), plan.grace))
  const parts = sum(workThrough(lane, randomEvents(lane.rows.length, plan), plan.grace))
  const comparable = (result: Result) => ({ ...countsOf(result), late: result.rows.late, run: result.orbits.run })
  expectSame(comparable(parts), comparable(whole))
}

function some(offsets: Iterable<number>, share: number, seed: number): Set<number> {
  const random = seeded(seed)
  return new Set([...offsets].filter(() => random() < share))
}

describe('a lane that is killed and restarted from its saved state', () => {
  it('counts just as one that is not', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => expectSameCounts(laneOf(rowsOf(plan, plan.grace), plan), plan)),
      { numRuns: 60 },
    )
  })

  it('counts the same rows late', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => expectSameCounts(laneOf(rowsOf(plan, 3 * plan.grace), plan), plan)),
      { numRuns: 60 },
    )
  })

  it('counts the same after idle times', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const lane = laneOf(rowsOf(plan, plan.grace), plan)
        expectSameCounts({ ...lane, idleAt: some(lane.batchEnds, 0.2, plan.seed) }, plan)
      }),
      { numRuns: 60 },
    )
  })

  it('counts the same after end marks', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const lane = laneOf(rowsOf(plan, plan.grace), plan)
        expectSameCounts({ ...lane, endMarkAt: some(Array(lane.rows.length).keys(), 0.05, plan.seed) }, plan)
      }),
      { numRuns: 60 },
    )
  })
})

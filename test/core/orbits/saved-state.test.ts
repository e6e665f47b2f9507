import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Events, type LaneRows, workThrough } from '../../support/interrupted-lane.js'
import { countsOf, parseAll, sum } from '../../support/lane.js'
import { randomCuts, type StreamRow, seeded, shuffledWithin, stream, textOf } from '../../support/stream.js'

interface Plan {
  seed: number
  orbits: number
  mostApart: number
  grace: number
  batch: number
  eventsEach: number
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  orbits: fc.integer({ min: 1, max: 300 }),
  mostApart: fc.constantFrom(1, 20, 300, 5000, 100_000),
  grace: fc.constantFrom(1, 100, 2048, 5000),
  batch: fc.constantFrom(1, 10, 100, 500),
  eventsEach: fc.constantFrom(3, 30, 300),
})

/** Rows displaced by less than the displacement, absurd orbits among them. */
function rowsOf({ seed, orbits, mostApart }: Plan, displacement: number): StreamRow[] {
  const random = seeded(seed)
  const rows = shuffledWithin(
    displacement,
    stream({ seed, orbits, start: Math.floor(random() * 2 ** 32), mostApart }),
    seed,
  )
  return rows.map((row) => {
    if (random() > 0.02) return row
    const orbit = Math.floor(random() * 2 ** 32)
    return { ...row, orbit, text: row.text.replace(String(row.orbit), String(orbit)) }
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
  expect({ ...countsOf(parts), late: parts.rows.late }).toEqual({ ...countsOf(whole), late: whole.rows.late })
}

function some(offsets: Iterable<number>, share: number, seed: number): Set<number> {
  const random = seeded(seed)
  return new Set([...offsets].filter(() => random() < share))
}

describe('a lane that is killed and restarted from its saved state', () => {
  it('counts just as one that is not', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => expectSameCounts(laneOf(rowsOf(plan, plan.grace), plan), plan)),
      { numRuns: 200 },
    )
  })

  it('counts the same rows late', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => expectSameCounts(laneOf(rowsOf(plan, 3 * plan.grace), plan), plan)),
      { numRuns: 200 },
    )
  })

  it('counts the same after idle times', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const lane = laneOf(rowsOf(plan, plan.grace), plan)
        expectSameCounts({ ...lane, idleAt: some(lane.batchEnds, 0.2, plan.seed) }, plan)
      }),
      { numRuns: 200 },
    )
  })

  it('counts the same after end marks', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const lane = laneOf(rowsOf(plan, plan.grace), plan)
        expectSameCounts({ ...lane, endMarkAt: some(Array(lane.rows.length).keys(), 0.05, plan.seed) }, plan)
      }),
      { numRuns: 200 },
    )
  })
})

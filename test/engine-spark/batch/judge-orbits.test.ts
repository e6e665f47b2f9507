import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { judgeOrbits } from '../../../src/spark/batch/judge-orbits.js'
import { addBlock, blockWidth, noBlocks, type OrbitBlocks } from '../../../src/spark/batch/orbit-blocks.js'
import { countsOf, firstThree, foldText } from '../../support/lane.js'
import { type Counts, oracleCounts } from '../../support/oracle.js'
import { type Random, seeded } from '../../support/stream.js'

const CYCLE = 2 ** 32
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })

/** A stretch of rows: how many, how far from one to the next at most, how much out of order, what comes before it. */
interface Stretch {
  rows: number
  apart: number
  displaced: number
  /** orbits to leap before it */
  leap: number
  /** one in so many rows is absurd; 0 for none */
  absurd: number
}

const anyStretch: fc.Arbitrary<Stretch> = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3000 })),
  apart: fc.constantFrom(0, 2, 30, 200, 500, 900, 1500, 4000, 70_000, 1_500_000, 5_000_000),
  displaced: fc.constantFrom(0, 0, 100, 500, 1300, 2100),
  leap: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    fc.integer({ min: 0, max: 3_000_000 }),
    fc.integer({ min: 0, max: CYCLE - 1 }),
    fc.integer({ min: -70_000, max: 0 }),
  ),
  absurd: fc.constantFrom(0, 0, 0, 1000, 1000, 300, 3),
})
const anyInput = fc.record({
  seed: anySeed,
  grace: fc.constantFrom(2048, 2048, 300, 5000),
  start: fc.oneof(fc.integer({ min: 0, max: CYCLE - 1 }), fc.integer({ min: CYCLE - 400_000, max: CYCLE - 1 })),
  stretches: fc.array(anyStretch, { minLength: 1, maxLength: 4 }),
})
type Input = typeof anyInput extends fc.Arbitrary<infer T> ? T : never

function orbitsOf({ seed, start, stretches }: Input): number[] {
  const random = seeded(seed)
  let at = start
  return stretches.flatMap((stretch) => {
    at += stretch.leap
    const rows: { orbit: number; key: number }[] = []
    for (let i = 0; i < stretch.rows; i++) {
      rows.push({ orbit: at, key: at + random() * stretch.displaced })
      if (stretch.absurd > 0 && random() < 1 / stretch.absurd)
        rows.push({ orbit: Math.floor(random() * CYCLE), key: at })
      at += Math.floor(random() * (stretch.apart + 1))
    }
    return rows.sort((a, b) => a.key - b.key).map(({ orbit }) => ((orbit % CYCLE) + CYCLE) % CYCLE)
  })
}

/** As the source's blocks tell them. */
function blocksOf(orbits: readonly number[], grace: number): OrbitBlocks {
  const width = blockWidth(grace)
  const blocks = noBlocks()
  const pieces = orbits.map((orbit, place) => ({ block: Math.floor(orbit / width), orbit, place }))
  for (const { block, orbit, place } of pieces.sort((a, b) => a.block - b.block || a.place - b.place))
    addBlock(blocks, { block, first: place, last: place, low: orbit, high: orbit, hits: 1, scintillator: 0 })
  return blocks
}

/** Hits and, now and then, a scintillator signal. */
function linesOf(orbits: readonly number[], random: Random): string[] {
  return orbits.map((orbit) =>
    random() < 0.1 ? `2,1,128,${orbit},100,0` : `2,0,${Math.floor(random() * 128)},${orbit},110,5`,
  )
}

function expectEqual(result: Result, lines: readonly string[], late: readonly number[]): void {
  const isLate = new Set(late)
  const inOrder = lines.filter((line) => !isLate.has(Number(line.split(',')[3])))
  expect(result.rows.late).toBe(lines.length - inOrder.length)
  expect(firstThree(countsOf(result))).toEqual(firstThree(oracleCounts(lines)))
  expect(lastThree(countsOf(result))).toEqual(lastThree(oracleCounts(inOrder)))
}

function lastThree({ hit_count: _, hit_count_chamber, tdc_counts_chamber, rows, ...counts }: Counts) {
  return counts
}

describe('what is judged to be in order', () => {
  it('is joined by number as the core joins it', () => {
    const seen = { joined: 0, late: 0, refused: 0, wrapped: 0 }
    fc.assert(
      fc.property(anyInput, (input) => {
        const orbits = orbitsOf(input)
        const verdict = judgeOrbits(blocksOf(orbits, input.grace), input.grace)
        if ('disorder' in verdict) {
          seen.refused++
          return
        }
        seen.joined++
        if (verdict.lateOrbits.length > 0) seen.late++
        if (orbits.some((orbit) => orbit < verdict.firstOrbit && !verdict.lateOrbits.includes(orbit))) seen.wrapped++
        const lines = linesOf(orbits, seeded(input.seed))
        const result = foldText(`${lines.join('\n')}\n`, { grace: input.grace })
        expectEqual(result, lines, verdict.lateOrbits)
        expect(result.orbits.run).toBe(0)
      }),
      { numRuns: 1500 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { formatRows, MAX_ROW_BYTES } from '../../../src/core/rows/format-text.js'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { DEFAULT_SIMULATION, type SimulatorOptions } from '../../../src/core/simulator/options.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'
import { expectExact, foldOptions, foldPieces, foldText, GRACE, parseAll, sum, take } from '../../support/lane.js'
import { Oracle, oracleCounts, recordsIn } from '../../support/oracle.js'
import { pieces, randomCuts, type StreamOptions, shuffledWithin, stream, textOf } from '../../support/stream.js'

const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyStream: fc.Arbitrary<StreamOptions> = fc.record({
  seed: anySeed,
  orbits: fc.integer({ min: 1, max: 400 }),
  start: fc.oneof(fc.constantFrom(0, 3_387_200_947, 2 ** 32 - 100), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  mostApart: fc.constantFrom(1, 20, 300, 900),
})

function recordsOf(rows: { text: string }[]): string[] {
  return rows.map(({ text }) => text)
}

describe('real rows', () => {
  const bytes = readFileSync(new URL('../../fixtures/minidt_head_72.txt', import.meta.url))

  it('have the results of the oracle, count for count', () => {
    const counts = oracleCounts(recordsIn(bytes))
    expect(counts.rows).toMatchObject({ read: 72, malformed: 0 })
    expectExact(foldText(bytes), counts)
  })
})

describe('simulated rows', () => {
  const rowsEach = 200_000
  const kinds: Partial<SimulatorOptions>[] = [
    {},
    { startOrbit: 2 ** 32 - 500_000 },
    { restartAfterRows: 70_001 },
    { muonsPerSecond: 4000, noisePerSecond: 40_000 },
    { noisePerSecond: 3, muonsPerSecond: 0.5 },
  ]

  it.each(kinds)('2 x 200,000 rows with %o have the results of the oracle', (changes) => {
    for (const seed of [1, 2]) {
      const simulator = createSimulator({ ...DEFAULT_SIMULATION, seed, ...changes })
      const fold = new LaneFold(foldOptions())
      const oracle = new Oracle()
      const rows = createRowBuffer(10_000)
      const text = Buffer.alloc(rows.capacity * MAX_ROW_BYTES)
      const run = 0
      for (let done = 0; done < rowsEach; done += rows.length) {
        simulator.fill(rows)
        const length = formatRows(rows.columns, 0, rows.length, text, 0)
        foldPieces(fold, [text.subarray(0, length)])
        for (const record of recordsIn(text.subarray(0, length))) {
          oracle.add(record, run)
        }
      }
      fold.end()
      expectExact(take(fold), oracle.counts())
    }
  })
})

describe('a stream', () => {
  it('has the same results however its bytes are cut into chunks', () => {
    fc.assert(
      fc.property(
        anyStream,
        anySeed,
        fc.constantFrom(1, 7, 64, 1000),
        fc.constantFrom(1, 3, 1024),
        (options, seed, most, capacity) => {
          const rows = stream({ ...options, orbits: Math.min(options.orbits, 60) })
          const bytes = Buffer.from(textOf(rows))
          const fold = new LaneFold(foldOptions())
          foldPieces(fold, pieces(bytes, randomCuts(bytes.length, most, seed)), capacity)
          fold.end()
          expectExact(take(fold), oracleCounts(recordsOf(rows)))
        },
      ),
    )
  })

  it('has the same results when rows are displaced by less than the grace', () => {
    fc.assert(
      fc.property(anyStream, anySeed, fc.constantFrom(50, 500, GRACE), (options, seed, grace) => {
        const rows = shuffledWithin(grace, stream(options), seed)
        expectExact(foldText(textOf(rows)), oracleCounts(recordsOf(rows)))
      }),
      { numRuns: 300 },
    )
  })

  it.each([1, 3, 10])('has the same results spread over %i partitions by orbit', (partitions) => {
    fc.assert(
      fc.property(anyStream, anySeed, (options, seed) => {
        const rows = shuffledWithin(GRACE, stream(options), seed)
        const results = Array.from({ length: partitions }, (_, partition) => {
          const own = rows.filter(({ orbit }) => orbit % partitions === partition)
          const fold = new LaneFold(foldOptions())
          foldPieces(fold, [Buffer.from(textOf(own))])
          fold.end()
          return take(fold, 0, 1, partition)
        })
        expectExact(sum(results), oracleCounts(recordsOf(rows)))
      }),
    )
  })

  it('has the same results when they are taken at random moments and added', () => {
    fc.assert(
      fc.property(anyStream, anySeed, fc.constantFrom(1, 10, 200), (options, seed, most) => {
        const rows = shuffledWithin(GRACE, stream(options), seed)
        const { columns, length } = parseAll(textOf(rows))
        const fold = new LaneFold(foldOptions())
        const results = []
        let from = 0
        for (const to of randomCuts(length, most, seed)) {
          fold.fold(columns, from, to)
          if (to === length) fold.end()
          results.push(take(fold, from, to))
          from = to
        }
        expectExact(sum(results), oracleCounts(recordsOf(rows)))
      }),
    )
  })
})

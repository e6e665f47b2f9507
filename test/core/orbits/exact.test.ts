import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { formatRows, MAX_ROW_BYTES } from '../../../src/core/rows/format-text.js'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { DEFAULT_SIMULATION, type SimulatorOptions } from '../../../src/core/simulator/options.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'
import {
  expectExact,
  foldOptions,
  foldPieces,
  foldText,
  GRACE,
  oracleOf,
  parseAll,
  sum,
  take,
} from '../../support/lane.js'
import { Oracle, oracleCounts, recordsIn } from '../../support/oracle.js'
import {
  pieces,
  randomCuts,
  type StreamOptions,
  shuffledWithin,
  stream,
  textOf,
  withLag,
} from '../../support/stream.js'

const RUNS = { numRuns: 40 }
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyStream: fc.Arbitrary<StreamOptions> = fc.record({
  seed: anySeed,
  orbits: fc.integer({ min: 1, max: 400 }),
  start: fc.oneof(fc.constantFrom(0, 3_387_200_947, 2 ** 32 - 100), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  mostApart: fc.constantFrom(1, 20, 300, 900),
})

describe('real rows', () => {
  const bytes = readFileSync(new URL('../../fixtures/minidt_head_72.txt', import.meta.url))

  it('have the results of the oracle, count for count', () => {
    const counts = oracleCounts(recordsIn(bytes))
    expect(counts.rows).toEqual({ read: 74, hits: 37, scintillator: 0, ancillary: 36, unmapped: 1, malformed: 0 })
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
      for (let done = 0; done < rowsEach; done += rows.length) {
        simulator.fill(rows)
        const bytes = text.subarray(0, formatRows(rows.columns, 0, rows.length, text, 0))
        foldPieces(fold, [bytes])
        oracle.addAll(recordsIn(bytes))
      }
      fold.end()
      const counts = oracle.counts()
      expect(counts.rows.read).toBe(rowsEach)
      expect(counts.rows.scintillator).toBeGreaterThan(1000)
      expectExact(take(fold), counts)
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
          expectExact(take(fold), oracleOf(rows))
        },
      ),
      RUNS,
    )
  })

  it('has the same results when rows are displaced by less than the grace', () => {
    fc.assert(
      fc.property(anyStream, anySeed, fc.constantFrom(50, 500, GRACE), (options, seed, grace) => {
        const rows = shuffledWithin(grace, stream(options), seed)
        expectExact(foldText(textOf(rows)), oracleOf(rows))
      }),
      { numRuns: 100 },
    )
  })

  it('has the same results when one FPGA lags behind the other by less than the grace', () => {
    fc.assert(
      fc.property(
        anyStream,
        fc.constantFrom(1, 2),
        fc.constantFrom(100, 1500, GRACE, 6000),
        fc.nat(99),
        (options, apart, grace, lag) => {
          const whole = stream({ ...options, orbits: 10 * options.orbits, mostApart: apart })
          const rows = withLag(Math.floor((grace * (lag + 1)) / 101), whole)
          expectExact(foldText(textOf(rows), { grace }), oracleOf(rows))
        },
      ),
      RUNS,
    )
  })

  it.each([100, 1000, 1100, GRACE - 1])(
    'has the same results when rows come in turn from two FPGAs %i orbits apart',
    (lag) => {
      const row = (fpga: number, at: number) => {
        const orbit = (2 ** 32 - 2500 + at) % 2 ** 32
        return { text: `2,${fpga},${at % 129},${orbit},${at % 3564},${at % 30}`, run: 0, at, orbit }
      }
      const inTurn = Array.from({ length: 5000 }, (_, i) => [row(0, i + lag), row(1, i)]).flat()
      expectExact(foldText(textOf(inTurn)), oracleOf(inTurn))
    },
  )

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
        expectExact(sum(results), oracleOf(rows))
      }),
      RUNS,
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
        expectExact(sum(results), oracleOf(rows))
      }),
      RUNS,
    )
  })
})

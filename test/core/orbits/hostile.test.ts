import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import type { HostileCase } from '../../fixtures/hostile/hostile-case.js'
import { FAR, INSANE, WHOLE_INPUTS } from '../../fixtures/hostile/insane.js'
import { HALF_ROWS, MALFORMED } from '../../fixtures/hostile/malformed.js'
import { countsOf, expectExact, firstThree, foldOptions, foldPieces, foldText, parseAll } from '../../support/lane.js'
import { type Counts, oracleCounts } from '../../support/oracle.js'
import { isEvent, seeded, shuffledWithin, stream } from '../../support/stream.js'

const GOOD = shuffledWithin(500, stream({ seed: 1, orbits: 600, start: 3_387_200_000, mostApart: 20 }), 1)
const GOOD_ORBITS = new Set(GOOD.map(({ orbit }) => orbit))
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })

/** The records of a case in the place of ORBIT, as they would stand after a good row of this orbit. */
function placed(records: HostileCase['records'], orbit: number): string[] {
  return records.map(([, record]) => record.replaceAll('ORBIT', String(orbit)))
}

/** Good rows with bad ones among them, each behind a good event row; all that are left over behind the last. */
function mixed(records: HostileCase['records'], seed: number): string[] {
  const random = seeded(seed)
  const left = [...records]
  const lines: string[] = []
  for (const row of GOOD) {
    lines.push(row.text)
    if (isEvent(row) && random() < 0.5) lines.push(...placed(left.splice(0, 1), row.orbit))
  }
  return [...lines, ...placed(left, GOOD[GOOD.length - 1].orbit)]
}

function bytesOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1')
}

function watermarkOf(lines: readonly string[]): number | null {
  const fold = new LaneFold(foldOptions())
  const { columns, length } = parseAll(bytesOf(lines))
  fold.fold(columns, 0, length)
  return fold.watermark
}

function goodOrbits({ active_tdc_chamber }: Counts) {
  return Object.values(active_tdc_chamber ?? {}).map(({ bin_edges, hist_counts }) =>
    bin_edges.map((edge, i) => [edge, hist_counts[i]]).filter(([edge]) => GOOD_ORBITS.has(edge)),
  )
}

const goodTexts = GOOD.map(({ text }) => text)
const goodCounts = oracleCounts(goodTexts)
const goodWatermark = watermarkOf(goodTexts)

describe.each([...MALFORMED, ...INSANE, ...FAR, ...WHOLE_INPUTS])('$name', ({ records }) => {
  it('is counted row by row in the class that it is of', () => {
    const fold = new LaneFold(foldOptions())
    const counts = fold.tally.rows
    for (const [rowClass, record] of records) {
      const before = { ...counts }
      foldPieces(fold, [bytesOf(placed([[rowClass, record]], 5))], 1)
      expect([record, counts.read, counts[rowClass]]).toEqual([record, before.read + 1, before[rowClass] + 1])
    }
  })

  it('is accounted for where there is nothing else', () => {
    const lines = placed(records, 5)
    const result = foldText(bytesOf(lines))
    expect(firstThree(countsOf(result))).toEqual(firstThree(oracleCounts(lines)))
    if (result.rows.late === 0 && result.orbits.run === 0) expectExact(result, oracleCounts(lines))
  })
})

describe.each(MALFORMED)('among good rows, malformed: $name', ({ records }) => {
  it('changes nothing but its own count', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const lines = mixed(records, seed)
        const { rows, ...counts } = countsOf(foldText(bytesOf(lines)))
        const { rows: goodRows, ...good } = goodCounts
        expect(counts).toEqual(good)
        expect(rows).toEqual({ ...goodRows, read: goodRows.read + records.length, malformed: records.length })
        expect(watermarkOf(lines)).toBe(goodWatermark)
      }),
      { numRuns: 5 },
    )
  })
})

describe.each(INSANE)('among good rows, insane: $name', ({ records }) => {
  it('is counted as it says, and moves no time', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const lines = mixed(records, seed)
        expectExact(foldText(bytesOf(lines)), oracleCounts(lines))
        expect(watermarkOf(lines)).toBe(goodWatermark)
      }),
      { numRuns: 5 },
    )
  })
})

describe.each(FAR)('among good rows, insane: $name', ({ records }) => {
  it('harms no good row, and moves no time', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const lines = mixed(records, seed)
        const result = foldText(bytesOf(lines))
        const counts = countsOf(result)
        expect(firstThree(counts)).toEqual(firstThree(oracleCounts(lines)))
        expect(goodOrbits(counts)).toEqual(goodOrbits(goodCounts))
        expect(counts.tdc_counts_scintillator_chamber).toEqual(goodCounts.tdc_counts_scintillator_chamber)
        expect(counts.drift_time_chamber).toEqual(goodCounts.drift_time_chamber)
        expect(result.rows.late).toBeLessThanOrEqual(records.length)
        expect(watermarkOf(lines)).toBe(goodWatermark)
      }),
      { numRuns: 5 },
    )
  })
})

describe('a row cut off at the end', () => {
  it.each(HALF_ROWS)('%s is one malformed record', (half) => {
    const bytes = Buffer.from(`${goodTexts.join('\n')}\n${half}`, 'latin1')
    const { rows, ...counts } = countsOf(foldText(bytes))
    const { rows: goodRows, ...good } = goodCounts
    expect(counts).toEqual(good)
    expect(rows).toEqual({ ...goodRows, read: goodRows.read + 1, malformed: 1 })
  })
})

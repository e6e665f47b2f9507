import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { countsOf, expectExact, firstThree, foldOptions, foldPieces, take } from '../../support/lane.js'
import { classOf, oracleCounts, recordsIn } from '../../support/oracle.js'
import { pieces, randomCuts, seeded, stream, textOf } from '../../support/stream.js'

const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const anyCut = fc.record({ seed: anySeed, most: fc.constantFrom(1, 20, 1000), capacity: fc.constantFrom(1, 2, 100) })

/** Bytes that often make something like a row. */
const rowLikeBytes = fc
  .array(
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...'0123456789,,,,,,,,\n\n\n-.\r e') },
      { weight: 10, arbitrary: fc.constantFrom('2,0,', '2,1,128,', ',5,', '\r\n', '\n2,0,5,6,7,8\n', '\xef\xbb\xbf') },
      { weight: 1, arbitrary: fc.constantFrom('HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS', '99999999999') },
    ),
    { maxLength: 300 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

/** Good rows in which bytes were changed, put in and left out at random. */
const mutatedRows = fc
  .tuple(anySeed, fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom(0, 1, 2), fc.nat(255)), { maxLength: 30 }))
  .map(([seed, mutations]) => {
    const bytes = [...Buffer.from(textOf(stream({ seed, orbits: 30, start: 3_387_200_000, mostApart: 20 })))]
    for (const [place, how, byte] of mutations) {
      bytes.splice(place % bytes.length, how === 1 ? 0 : 1, ...(how === 2 ? [] : [byte]))
    }
    return Buffer.from(bytes)
  })

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
  rowLikeBytes,
  mutatedRows,
)

function foldOf(bytes: Buffer, { seed, most, capacity }: { seed: number; most: number; capacity: number }): LaneFold {
  const fold = new LaneFold(foldOptions())
  foldPieces(fold, pieces(bytes, randomCuts(bytes.length, most, seed)), capacity)
  return fold
}

describe('any bytes whatsoever', () => {
  it('are counted record by record, each in one class', () => {
    fc.assert(
      fc.property(anyBytes, anyCut, (bytes, cut) => {
        const fold = foldOf(bytes, cut)
        fold.end()
        const result = take(fold)
        const { read, hits, scintillator, ancillary, unmapped, malformed } = result.rows
        expect(read).toBe(recordsIn(bytes).length)
        expect(hits + scintillator + ancillary + unmapped + malformed).toBe(read)
        expect(firstThree(countsOf(result))).toEqual(firstThree(oracleCounts(recordsIn(bytes))))
      }),
      { numRuns: 500 },
    )
  })

  it('move the time by hits and scintillator signals alone', () => {
    fc.assert(
      fc.property(anyBytes, anyCut, (bytes, cut) => {
        const events = recordsIn(bytes).filter((record) => ['hits', 'scintillator'].includes(classOf(record)))
        const [all, alone] = [foldOf(bytes, cut), foldOf(Buffer.from(events.join('\n'), 'latin1'), cut)]
        expect([all.time, all.watermark, all.run]).toEqual([alone.time, alone.watermark, alone.run])
        expect(all.openOrbits).toBe(alone.openOrbits)
      }),
      { numRuns: 200 },
    )
  })

  it('among good rows leave the results of good rows as they are', () => {
    fc.assert(
      fc.property(anySeed, anyBytes, (seed, bytes) => {
        const random = seeded(seed)
        const good = stream({ seed, orbits: 50, start: 1_000_000, mostApart: 20 })
        // as lines of their own, a byte order mark or a return at their edge would be read another way
        const noEvents = recordsIn(bytes).filter(
          (record) => !['hits', 'scintillator'].includes(classOf(record)) && !/^\u00ef\u00bb\u00bf|\r$/.test(record),
        )
        const lines = good.flatMap(({ text }) => (random() < 0.5 ? [text, ...noEvents.splice(0, 3)] : [text]))
        const fold = foldOf(Buffer.from(lines.join('\n'), 'latin1'), { seed, most: 1000, capacity: 100 })
        fold.end()
        expectExact(take(fold), oracleCounts(lines))
      }),
    )
  })
})

describe('any rows whatsoever', () => {
  const anyRow = fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant(2) }, { weight: 1, arbitrary: fc.nat(255) }),
      fc.oneof({ weight: 9, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(255) }),
      fc.oneof({ weight: 9, arbitrary: fc.nat(130) }, { weight: 1, arbitrary: fc.nat(65_535) }),
      fc.oneof(fc.nat(5000), fc.integer({ min: 2 ** 32 - 5000, max: 2 ** 32 - 1 }), fc.nat(2 ** 32 - 1)),
      fc.nat(65_535),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    )
    .map((fields) => fields.join(','))

  it('are counted in results 1 to 3, whatever their orbits', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 300, size: 'max' }), anySeed, (records, seed) => {
        const fold = foldOf(Buffer.from(records.join('\n')), { seed, most: 500, capacity: 50 })
        fold.end()
        expect(fold.openOrbits).toBe(0)
        expect(firstThree(countsOf(take(fold)))).toEqual(firstThree(oracleCounts(records)))
      }),
      { numRuns: 200 },
    )
  })
})

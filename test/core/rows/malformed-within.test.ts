import fc from 'fast-check'
import { expect, it } from 'vitest'
import { malformedBefore, malformedWithin } from '../../../src/core/rows/malformed-within.js'
import { parseAll } from '../../support/lane.js'
import { randomCuts } from '../../support/stream.js'

const anyLines = fc.array(fc.constantFrom('2,0,1,1,1,1', 'bad'), { minLength: 1, maxLength: 40 })

it('slices that follow each other have each malformed record once, those behind the last row in the last one', () => {
  fc.assert(
    fc.property(anyLines, fc.integer({ min: 1, max: 9 }), fc.nat(), (lines, most, seed) => {
      const rows = parseAll(lines.join('\n'))
      const found: number[] = []
      let from = 0
      for (const to of rows.length === 0 ? [0] : randomCuts(rows.length, most, seed)) {
        const [first, last] = malformedWithin(rows, from, to)
        for (let k = first; k < last; k++) {
          found.push(k)
          const row = rows.malformed.row[k]
          expect(row >= from && (row < to || to === rows.length)).toBe(true)
        }
        from = to
      }
      expect(found).toEqual(Array.from({ length: rows.malformed.count }, (_, k) => k))
    }),
  )
})

it('counts those before the first rows', () => {
  const rows = parseAll('bad\n2,0,1,1,1,1\nbad\nbad\n2,0,1,1,1,1\nbad')
  expect([0, 1, 2].map((count) => malformedBefore(rows, count))).toEqual([0, 1, 3])
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseResult } from '../../src/core/results/parse-result.js'
import { CELLS, DEFAULT_RUN, driftBinCount } from '../../src/core/run-file/run-file.js'
import { Counts } from '../../src/dashboard/counts.js'
import { countsAsResult } from '../../src/dashboard/counts-as-result.js'
import { result, T0 } from './made-up.js'

const count = fc.integer({ min: 0, max: 1000 })
const array = (length: number) => fc.array(count, { minLength: length, maxLength: length })
const chambers = (length: number) => fc.array(array(length), { minLength: 4, maxLength: 4 })

it('is a result of the same counts', () => {
  const made = fc.record({
    cells: chambers(CELLS),
    scintillatorCells: chambers(CELLS),
    multiplicity: chambers(CELLS),
    drift: chambers(driftBinCount(DEFAULT_RUN.drift_time)),
    underflow: count,
    overflow: count,
    rows: fc.record({ read: count, malformed: count, late: count }),
  })
  fc.assert(
    fc.property(made, (parts) => {
      const counts = new Counts(DEFAULT_RUN)
      counts.addResult(result(parts))
      const text = JSON.stringify(countsAsResult(counts, DEFAULT_RUN, { startMs: T0, endMs: T0 + 2000 }))
      const again = parseResult(text)
      if (typeof again === 'string') throw new Error(again)
      expect(Date.parse(again.interval.end) - Date.parse(again.interval.start)).toBe(2000)
      const recounted = new Counts(DEFAULT_RUN)
      recounted.addResult(again)
      expect(recounted).toEqual(counts)
      expect(again.hit_count).toBe(counts.chambers.reduce((sum, { hits }) => sum + hits, 0))
    }),
    { numRuns: 20 },
  )
})

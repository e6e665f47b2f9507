import { describe, expect, it } from 'vitest'
import { resultInWords } from '../../src/dashboard/words.js'
import { evenCells, result, timeBox } from './made-up.js'

describe('a result in words', () => {
  it('has rows, hits, scintillator signals, the peak and the lag', () => {
    const drift = [timeBox(2), timeBox(2), timeBox(2), timeBox(2)]
    drift[1][49] = 5
    drift[3][49] = 5
    drift[2][60] = 7 // the highest of a single chamber, not of the sum
    const one = result({ cells: [evenCells(6, { 0: 34 })], drift, rows: { read: 982, scintillator: 37 } })
    expect(resultInWords(one, 0)).toBe(
      '982 rows, 412 hits, 37 scintillator signals, drift-time peak 24 ns, lag 0 messages',
    )
  })

  it('has no peak before the first drift time, and no lag where nobody knows it', () => {
    expect(resultInWords(result({ rows: { read: 1 } }), undefined)).toBe(
      '1 row, 0 hits, 0 scintillator signals, no drift times yet',
    )
  })

  it('mentions late hits and malformed records where there are any', () => {
    const one = result({ rows: { read: 25_000, late: 3, malformed: 2 } })
    expect(resultInWords(one, 1)).toBe(
      '25.0 k rows, 0 hits, 0 scintillator signals, 3 late, 2 malformed, no drift times yet, lag 1 message',
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRate } from '../../src/cli/rates.js'
import { ExpectedError } from '../../src/errors.js'

describe('parseRate', () => {
  it.each([
    ['1000/s', 1000],
    ['1000', 1000],
    ['1k/s', 1000],
    ['1.5M/s', 1_500_000],
    ['2G/s', 2e9],
    ['60000/min', 1000],
    ['6k/min', 100],
    ['3.6M/h', 1000],
    ['0.5/s', 0.5],
    ['max', Number.POSITIVE_INFINITY],
    [' max ', Number.POSITIVE_INFINITY],
  ])('reads %j as %d rows a second', (text, rate) => {
    expect(parseRate(text)).toBeCloseTo(rate)
  })

  it.each(['', '0/s', '0', '-1/s', '10/fortnight', 's/10', '1e3/s', '1000 /s', '1K/s', 'maximum', '/s', '10/'])(
    'refuses %j',
    (text) => {
      expect(() => parseRate(text)).toThrow(ExpectedError)
      expect(() => parseRate(text)).toThrow(`'${text}' is not a rate`)
    },
  )

  it('means the same by the second, minute and hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (rows) => {
        expect(parseRate(`${rows}/s`)).toBe(rows)
        expect(parseRate(`${rows * 60}/min`)).toBe(rows)
        expect(parseRate(`${rows * 3600}/h`)).toBe(rows)
      }),
    )
  })

  it('gives a rate above 0 or an ExpectedError, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.kMGsmax/]{0,8}$/))
    fc.assert(
      fc.property(text, (anything) => {
        let rate: number
        try {
          rate = parseRate(anything)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpectedError)
          return
        }
        expect(rate).toBeGreaterThan(0)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/cli/durations.js'
import { EXIT, ExpectedError } from '../../src/errors.js'

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['0s', 0],
    ['5s', 5000],
    ['1.5s', 1500],
    ['0.001s', 1],
    ['1.1s', 1100],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    [' 5s ', 5000],
  ])('reads %j as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '5', 's', '-5s', '5 s', '5sec', '1e3s', '5s5', '.5s', '0.0001s', '99999999999999999d', 'Infinitys'])(
    'refuses %j with what to write instead',
    (text) => {
      const error = thrownBy(() => parseDuration(text))
      expect(error.message).toContain(`'${text}' is not a duration`)
      expect(error.suggestions).toEqual(['500ms, 5s, 2m, 1h or 7d'])
      expect(error.exit).toBe(EXIT.usage)
    },
  )

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
  })

  it('reads seconds with three decimals to the ms', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 9 }), (ms) => {
        expect(parseDuration(`${(ms / 1000).toFixed(3)}s`)).toBe(ms)
      }),
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [1, '1ms'],
    [1500, '1500ms'],
    [5000, '5s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [7_200_000, '2h'],
    [604_800_000, '7d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

function thrownBy(action: () => unknown): ExpectedError {
  try {
    action()
  } catch (error) {
    if (error instanceof ExpectedError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

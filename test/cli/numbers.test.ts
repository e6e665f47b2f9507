import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatRate, formatTime, plural } from '../../src/cli/numbers.js'

describe('numbers as people read them', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [9999, '9999'],
    [9999.6, '10.0 k'],
    [12_345, '12.3 k'],
    [99_949, '99.9 k'],
    [99_950, '100 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [1_234_567, '1.23 M'],
    [1.3e9, '1.30 G'],
    [4e15, '4000 T'],
    [Number.POSITIVE_INFINITY, 'no limit'],
  ])('count %d is %s', (count, text) => {
    expect(formatCount(count)).toBe(text)
  })

  it.each([
    [0, '0/s'],
    [0.5, '0.5/s'],
    [9.94, '9.9/s'],
    [9.96, '10/s'],
    [998.4, '998/s'],
    [12_345, '12.3 k/s'],
    [Number.POSITIVE_INFINITY, 'max'],
  ])('rate %d is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text)
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1024, '1 KiB'],
    [1_500_000, '1.50 MB'],
    [2 ** 31, '2 GiB'],
    [Number.POSITIVE_INFINITY, 'no limit'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0 s'],
    [499, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h'],
    [3_780_000, '1 h 3 min'],
    [604_800_000, '7 d'],
    [187_200_000, '2 d 4 h'],
    [Number.POSITIVE_INFINITY, 'no limit'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatTime(ms)).toBe(text)
  })

  it('has one topic and two topics', () => {
    expect([plural(1, 'topic'), plural(2, 'topic'), plural(0, 'topic')]).toEqual(['1 topic', '2 topics', '0 topics'])
  })

  it('never shows more than four digits, nor a count off by more than half of the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 14 }), (count) => {
        const [digits, prefix] = formatCount(count).split(' ')
        expect(digits.replace('.', '').length).toBeLessThanOrEqual(4)
        const factor = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[prefix] ?? 1
        const last = factor / 10 ** (digits.split('.')[1]?.length ?? 0)
        expect(Math.abs(Number(digits) * factor - count)).toBeLessThanOrEqual(last / 2 + 1e-6 * count)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCount, parseSize } from '../../src/cli/counts.js'
import { formatBytes } from '../../src/cli/numbers.js'
import { ExpectedError } from '../../src/errors.js'

describe('parseCount', () => {
  it.each([
    ['0', 0],
    ['500', 500],
    ['100k', 100_000],
    ['1.5M', 1_500_000],
    ['1.001k', 1001],
    ['2G', 2e9],
  ])('reads %j as %d', (text, count) => {
    expect(parseCount(text)).toBe(count)
  })

  it.each(['', '-1', '1.5', '1.0001k', '1e3', '10 k', 'k', '99999999999999999'])('refuses %j', (text) => {
    expect(() => parseCount(text)).toThrow(ExpectedError)
    expect(() => parseCount(text)).toThrow(`'${text}' is not a count`)
  })

  it('reads thousands with three decimals to the last one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 9 }), (count) => {
        expect(parseCount(`${(count / 1000).toFixed(3)}k`)).toBe(count)
      }),
    )
  })
})

describe('parseSize', () => {
  it.each([
    ['100', 100],
    ['100B', 100],
    ['1kB', 1000],
    ['512MB', 512_000_000],
    ['1GiB', 2 ** 30],
    ['1.5 KiB', 1536],
    ['2TB', 2e12],
  ])('reads %j as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', '-1', '1.5', '1gb', '1 0MB', 'GiB', '1EB'])('refuses %j', (text) => {
    expect(() => parseSize(text)).toThrow(ExpectedError)
    expect(() => parseSize(text)).toThrow(`'${text}' is not a size`)
  })

  it('reads back the binary sizes that formatBytes writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), fc.constantFrom(10, 20, 30, 40), (amount, power) => {
        expect(parseSize(formatBytes(amount * 2 ** power))).toBe(amount * 2 ** power)
      }),
    )
  })
})

import { expect, test } from 'vitest'
import { Random } from '../../../src/core/simulator/random.js'

/** sfc32 as its author wrote it, in arithmetic that cannot overflow. */
function* sfc32(seed: bigint): Generator<number> {
  const word = (value: bigint) => BigInt.asUintN(32, value)
  let [a, b, c, counter] = [0n, word(seed), word(seed >> 32n), 1n]
  for (let i = 0; ; i++) {
    const out = word(a + b + counter++)
    a = b ^ (b >> 9n)
    b = word(c + (c << 3n))
    c = word(word((c << 21n) | (c >> 11n)) + out)
    if (i >= 12) yield Number(out)
  }
}

test.each([0, 1, 7, 2 ** 31, 2 ** 32, 2 ** 53 - 1])('is sfc32 for seed %d', (seed) => {
  const random = new Random(seed)
  const reference = sfc32(BigInt(seed))
  for (let i = 0; i < 2000; i++) expect(random.next()).toBe(reference.next().value)
})

test('numbers below a limit are even and reach both ends', () => {
  const random = new Random(3)
  const counts = new Float64Array(7)
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]++
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('exponential numbers fall off as exp(-x) does', () => {
  const random = new Random(4)
  const draws = 200_000
  const numbers = Float64Array.from({ length: draws }, () => random.exponential())
  for (const x of [0.1, 0.5, 1, 2, 3, 5]) {
    const expected = draws * Math.exp(-x)
    const beyond = numbers.filter((number) => number > x).length
    expect(Math.abs(beyond - expected)).toBeLessThan(5 * Math.sqrt(expected))
  }
  const mean = numbers.reduce((sum, number) => sum + number, 0) / draws
  expect(Math.abs(mean - 1)).toBeLessThan(0.012)
})

test('the bell has mean 0, width 1 and ends at 3', () => {
  const random = new Random(5)
  const numbers = Float64Array.from({ length: 100_000 }, () => random.bell())
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length
  const variance = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length
  expect(Math.abs(mean)).toBeLessThan(0.02)
  expect(Math.abs(variance - 1)).toBeLessThan(0.03)
  expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(3)
})

import { expect, test } from 'vitest'
import {
  binomialAtLeast,
  binomialAtMost,
  chi2AtLeast,
  poissonAtLeast,
  poissonAtMost,
  tailOf,
} from '../../../src/health/statistics/tails.js'

// expected values: scipy 1.17.1, repr() of the calls named

/** Equal to 7 digits, or to 1e-15. */
function same(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-7 * expected + 1e-15)
}

// scipy.stats.norm.sf(sigmas)
test.each([
  [6, 9.865876450376946e-10],
  [3, 0.0013498980316300933],
])('%d standard deviations', (sigmas, p) => same(tailOf(sigmas), p))

// scipy.stats.poisson.cdf(n, mean), scipy.stats.poisson.sf(n - 1, mean)
test.each([
  [0, 21, 7.582560427911903e-10, 1],
  [3, 21.5, 8.784291586879647e-7, 0.999999883356458],
  [0, 0.001, 0.999000499833375, 1],
  [50, 20, 0.9999999951712625, 1.2458926079719434e-8],
  [5000, 4700.5, 0.9999926378675905, 7.855168340155277e-6],
  [10, 1000, 0, 1],
  [0, 0, 1, 1],
  [3, 0, 1, 0],
])('Poisson: %d with mean %d', (n, mean, atMost, atLeast) => {
  same(poissonAtMost(n, mean), atMost)
  same(poissonAtLeast(n, mean), atLeast)
})

test('Poisson with counts of hours at millions of rows a second', () => {
  expect(poissonAtMost(1e9, 1e9)).toBeCloseTo(0.5, 4)
  expect(poissonAtMost(1e9, 1.1e9)).toBe(0)
  expect(poissonAtLeast(1e9, 1.1e9)).toBe(1)
})

// scipy.stats.binom.cdf(n, trials, p), scipy.stats.binom.sf(n - 1, trials, p)
test.each([
  [0, 344, 0.5 / 8.5, 8.766880353012302e-10, 1],
  [4, 390, 0.5 / 8.5, 9.273517244079715e-7, 0.9999998535198701],
  [27, 35, 0.2, 0.9999999999999597, 5.702386003437638e-13],
  [1000, 9000, 0.1, 0.9997493242986274, 0.0002844988602918377],
  [7, 7, 0.3, 1, 0.0002187],
])('binomial: %d of %d with %d', (n, trials, p, atMost, atLeast) => {
  same(binomialAtMost(n, trials, p), atMost)
  same(binomialAtLeast(n, trials, p), atLeast)
})

// scipy.stats.chi2.sf(chi2, ndf)
test.each([
  [63, 63, 0.47630238333813013],
  [135.5, 63, 3.1827909879145655e-7],
  [12.3, 2.5, 0.0038427215317803644],
  [2000, 64, 0],
  [0, 5, 1],
])('chi2 %d with %d degrees of freedom', (chi2, ndf, p) => same(chi2AtLeast(chi2, ndf), p))

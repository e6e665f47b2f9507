import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chi2Test, relativeDifference, sum } from '../../../src/health/statistics/chi2-test.js'
import { joinBins } from '../../../src/health/statistics/join-bins.js'
import { kolmogorovAtLeast, kolmogorovTest } from '../../../src/health/statistics/kolmogorov.js'
import { pearson } from '../../../src/health/statistics/pearson.js'

const A = [12, 40, 33, 58, 71, 20, 9, 30]
const B = [300, 810, 790, 1210, 1390, 460, 251, 640]

test('chi2 of two histograms', () => {
  // scipy 1.17.1: scipy.stats.chi2_contingency([A, B], correction=False), the same sum
  const { chi2, ndf } = chi2Test(A, B)
  expect(chi2).toBeCloseTo(2.081190672226238, 12)
  expect(ndf).toBe(7)
})

test("Kolmogorov's distance and probability", () => {
  // numpy: abs(cumsum(A) / sum(A) - cumsum(B) / sum(B)).max(); scipy.special.kolmogorov(distance * sqrt(N M / (N + M)))
  const { distance, p } = kolmogorovTest(A, B)
  expect(distance).toBeCloseTo(0.01478348461770096, 14)
  expect(p).toBeCloseTo(0.9999999958110254, 6)
  expect(kolmogorovTest(A, B, 4).p).toBeGreaterThan(p)
})

// scipy.special.kolmogorov(z)
test.each([
  [0.1, 1],
  [0.3, 0.9999906941986655],
  [0.7, 0.7112351950296893],
  [0.99, 0.2808738392255489],
  [1, 0.26999967167735456],
  [1.36, 0.049485876755377876],
  [2, 0.0006709252557796953],
  [5, 3.8574996959278356e-22],
])("Kolmogorov's Q(%d)", (z, q) => {
  expect(Math.abs(kolmogorovAtLeast(z) - q)).toBeLessThan(1e-9 * q + 1e-12)
})

const histograms = fc
  .integer({ min: 1, max: 40 })
  .chain((bins) => fc.tuple(...[0, 1].map(() => fc.array(fc.nat(200), { minLength: bins, maxLength: bins }))))

test('a histogram differs from no multiple of its own, and the order of the two does not matter', () => {
  fc.assert(
    fc.property(histograms, fc.integer({ min: 1, max: 5 }), ([a, b], times) => {
      const own = a.map((count) => count * times)
      expect(chi2Test(a, own).chi2).toBeCloseTo(0, 6)
      expect(kolmogorovTest(a, own).distance).toBeCloseTo(0, 9)
      expect(chi2Test(a, b).chi2).toBeCloseTo(chi2Test(b, a).chi2, 6)
      expect(kolmogorovTest(a, b)).toEqual(kolmogorovTest(b, a))
    }),
  )
})

test('joined bins lose nothing, and each has enough where there is enough at all', () => {
  fc.assert(
    fc.property(histograms, fc.integer({ min: 1, max: 500 }), ([a, b], least) => {
      const joined = joinBins(a, b, (n, m) => n + m >= least)
      expect(joined.reduce((total, [n]) => total + n, 0)).toBe(sum(a))
      expect(joined.reduce((total, [, m]) => total + m, 0)).toBe(sum(b))
      if (sum(a) + sum(b) >= least) for (const [n, m] of joined) expect(n + m).toBeGreaterThanOrEqual(least)
    }),
  )
})

test('the difference of two shapes does not depend on the number of entries', () => {
  const [shape, other] = [
    [100, 100, 100, 100],
    [120, 80, 120, 80],
  ]
  for (const times of [10, 1000]) {
    const [a, b] = [shape, other].map((of) => of.map((count) => count * times))
    // relative differences of 0.2 in all bins; the mean of both shapes is what they are relative to
    expect(relativeDifference(chi2Test(a, b), sum(a), sum(b))).toBeCloseTo(0.2, 1)
  }
})

test("Pearson's chi2 of what was expected anyway is 0, and parameters cost degrees of freedom", () => {
  expect(pearson(A, A, 3)).toEqual({ chi2: 0, ndf: 5 })
  // 1 + 3 and 2 are joined: (6 - 4)^2 / 4 + ...
  expect(pearson([1, 5, 9], [1, 4, 9], 0)).toEqual({ chi2: 0.2, ndf: 2 })
})

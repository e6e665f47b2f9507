import { sum } from './chi2-test.js'

/**
 * The largest distance of the cumulative distributions of two histograms of N and M counts, and the probability of a larger
 * one, Q(distance sqrt(N M / (N + M))); as ROOT's TH1::KolmogorovTest. In a histogram the distance is looked for at bin edges
 * only, so the probability is too large rather than too small.
 * @param size of the clusters that entries come in, which are what is counted as independent
 */
export function kolmogorovTest(a: ArrayLike<number>, b: ArrayLike<number>, size = 1): { distance: number; p: number } {
  const [totalA, totalB] = [sum(a), sum(b)]
  if (totalA === 0 || totalB === 0) return { distance: 0, p: 1 }
  let [distance, difference] = [0, 0]
  for (let bin = 0; bin < a.length; bin++) {
    difference += a[bin] / totalA - b[bin] / totalB
    distance = Math.max(distance, Math.abs(difference))
  }
  const independent = (totalA * totalB) / (totalA + totalB) / size
  return { distance, p: kolmogorovAtLeast(distance * Math.sqrt(independent)) }
}

/**
 * Kolmogorov's Q(z) = 2 sum((-1)^(j-1) exp(-2 j^2 z^2)); below 1, where that converges slowly, by
 * 1 - sqrt(2 pi) / z sum(exp(-(2j - 1)^2 pi^2 / (8 z^2))), as TMath::KolmogorovProb.
 */
export function kolmogorovAtLeast(z: number): number {
  if (z < 0.2) return 1
  const terms = [1, 2, 3, 4, 5]
  if (z >= 1) return Math.max(0, 2 * sum(terms.map((j) => (j % 2 === 1 ? 1 : -1) * Math.exp(-2 * (j * z) ** 2))))
  const exponent = -(Math.PI ** 2) / (8 * z * z)
  return 1 - (Math.sqrt(2 * Math.PI) / z) * sum(terms.map((j) => Math.exp((2 * j - 1) ** 2 * exponent)))
}

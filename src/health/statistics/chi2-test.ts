import { joinBins } from './join-bins.js'

/**
 * The chi squared law holds where 5 entries are expected in either histogram (Cochran, Biometrics 10 (1954) 417); very small
 * probabilities, which are asked for here, need more.
 */
const LEAST_EXPECTED = 10

/**
 * chi2 of two histograms with different totals N and M, both of counts:
 * 1 / (N M) sum((M n - N m)^2 / (n + m)), with one degree of freedom less than there are bins. As ROOT's TH1::Chi2Test with
 * option "UU" (Gagunashvili, arXiv:physics/0605123; Cramer, Mathematical Methods of Statistics, 30.6), but bins are first
 * joined with the next ones until enough entries are expected in each.
 */
export function chi2Test(a: ArrayLike<number>, b: ArrayLike<number>): { chi2: number; ndf: number } {
  const [totalA, totalB] = [sum(a), sum(b)]
  if (totalA === 0 || totalB === 0) return { chi2: 0, ndf: 0 }
  const smaller = Math.min(totalA, totalB) / (totalA + totalB)
  const joined = joinBins(a, b, (n, m) => (n + m) * smaller >= LEAST_EXPECTED)
  const weighted = joined.reduce((total, [n, m]) => total + (totalB * n - totalA * m) ** 2 / (n + m), 0)
  return { chi2: weighted / (totalA * totalB), ndf: joined.length - 1 }
}

/**
 * How far two histograms are from each other, whatever their entries: the root mean square of the relative difference of
 * their shapes, weighted by content. chi2 grows with the entries as ndf + distance^2 / (1/N + 1/M).
 */
export function relativeDifference({ chi2, ndf }: { chi2: number; ndf: number }, n: number, m: number): number {
  return Math.sqrt(Math.max(0, chi2 - ndf) * (1 / n + 1 / m))
}

export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

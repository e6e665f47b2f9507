import { joinBins } from './join-bins.js'

/** The chi squared law holds where so many entries are expected (Cochran, Biometrics 10 (1954) 417). */
const LEAST_EXPECTED = 5

/**
 * Pearson's chi2 of counts, sum((n - mu)^2 / mu), over bins joined until enough entries are expected in each.
 * @param fitted how many parameters were fitted, which `ndf` is less by
 */
export function pearson(
  counts: ArrayLike<number>,
  expected: ArrayLike<number>,
  fitted: number,
): { chi2: number; ndf: number } {
  const joined = joinBins(counts, expected, (_, mu) => mu >= LEAST_EXPECTED)
  const chi2 = joined.reduce((sum, [n, mu]) => sum + (n - mu) ** 2 / mu, 0)
  return { chi2, ndf: Math.max(0, joined.length - fitted) }
}

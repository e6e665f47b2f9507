import { compiled, igamc, incbet, ndtr } from 'cephes'

// WebAssembly, some milliseconds; nothing else imports the library, as no function of it can be called before
await compiled

/** Below exp of this the library throws, and nobody asks for a probability so small. */
const UNDERFLOW = -650

/** The probability that a normal variable is so many standard deviations or more above its mean: 9.9e-10 for 6. */
export function tailOf(sigmas: number): number {
  return ndtr(-sigmas)
}

/** Phi(x), the probability that a standard normal variable is at most x. */
export function normalAtMost(x: number): number {
  return ndtr(x)
}

/** P(N <= count) of a Poisson distribution: Q(count + 1, mean) (Abramowitz and Stegun, 26.4.21). */
export function poissonAtMost(count: number, mean: number): number {
  return upperGamma(count + 1, mean)
}

/** P(N >= count) of a Poisson distribution: 1 - Q(count, mean). */
export function poissonAtLeast(count: number, mean: number): number {
  return count <= 0 ? 1 : 1 - upperGamma(count, mean)
}

/** P(X > chi2) of a chi squared distribution: Q(ndf / 2, chi2 / 2) (A. and S., 26.4.19). */
export function chi2AtLeast(chi2: number, ndf: number): number {
  return ndf > 0 ? upperGamma(ndf / 2, chi2 / 2) : 1
}

/** P(N <= count) of `trials` that succeed with `probability` each: I_(1-p)(trials - count, count + 1) (A. and S., 26.5.24). */
export function binomialAtMost(count: number, trials: number, probability: number): number {
  return count >= trials ? 1 : incbet(trials - count, count + 1, 1 - probability)
}

/** P(N >= count): I_p(count, trials - count + 1). */
export function binomialAtLeast(count: number, trials: number, probability: number): number {
  return count <= 0 ? 1 : incbet(count, trials - count + 1, probability)
}

/** Q(a, x), the regularised incomplete gamma function from x to infinity. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  // its largest factor, x^a exp(-x) / Gamma(a), by Stirling's formula
  const logarithm = a * Math.log(x / a) - x + a
  if (logarithm < UNDERFLOW) return x > a ? 0 : 1
  return igamc(a, x)
}

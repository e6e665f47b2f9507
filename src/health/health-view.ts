import type { Alarm } from './alarm.js'

/** What is wrong at one moment, and what was measured to know. Plain values. */
export interface HealthView {
  /** the oldest first */
  readonly alarms: readonly Alarm[]
  /** by chamber; undefined where there are too few drift times, or they are no box */
  readonly edges: readonly (EdgeFit | undefined)[]
  /** empty without a reference */
  readonly comparisons: readonly Comparison[]
}

/** Fit of the drift-time box of a chamber. Errors are standard deviations. */
export interface EdgeFit {
  readonly t0Ns: number
  readonly t0ErrorNs: number
  readonly endNs: number
  readonly endErrorNs: number
  /** half a cell over the box's length, um/ns */
  readonly velocity: number
  readonly velocityError: number
  readonly chi2: number
  readonly ndf: number
  /** drift times in the bins */
  readonly entries: number
}

/** Comparison of one histogram of a chamber with that of a reference result. */
export interface Comparison {
  readonly histogram: 'occupancy' | 'scintillator occupancy' | 'drift time' | 'multiplicity'
  readonly chamber: number
  readonly chi2: number
  readonly ndf: number
  readonly pChi2: number
  /** the largest distance of the two cumulative distributions, 0..1 */
  readonly kolmogorov: number
  readonly pKolmogorov: number
}

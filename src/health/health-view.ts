import type { Alarm } from './alarm.js'

/** How detector and stream are, as plain values. */
export interface HealthView {
  /** the oldest first */
  readonly alarms: readonly Alarm[]
  /** by chamber; undefined while there are too few drift times */
  readonly edges: readonly (EdgeFit | undefined)[]
  /** with the reference result; none without one */
  readonly comparisons: readonly Comparison[]
}

/** The edges of a chamber's drift-time box, and the drift velocity that follows; errors are one standard deviation. */
export interface EdgeFit {
  readonly t0Ns: number
  readonly t0ErrorNs: number
  readonly endNs: number
  readonly endErrorNs: number
  /** um/ns */
  readonly velocity: number
  readonly velocityError: number
  readonly chi2: number
  readonly ndf: number
  readonly entries: number
}

/** How far one histogram of a chamber is from that of the reference. */
export interface Comparison {
  readonly histogram: 'occupancy' | 'scintillator occupancy' | 'drift time' | 'multiplicity'
  readonly chamber: number
  readonly chi2: number
  readonly ndf: number
  /** probability of so large a chi2, or distance, or a larger one, where both are of one distribution */
  readonly pChi2: number
  readonly kolmogorov: number
  readonly pKolmogorov: number
}

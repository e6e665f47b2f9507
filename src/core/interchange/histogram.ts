/** A histogram of counts, as other programs have them. */
export interface Histogram {
  /** letters, digits and `_` */
  readonly name: string
  /** for people */
  readonly title: string
  readonly x: Axis
  /** of a histogram of two dimensions */
  readonly y?: Axis
  /** what is counted: `hits` */
  readonly counted: string
  /** by bin: of x, or of x within each bin of y */
  readonly counts: readonly number[]
  /** what lies below and above x; undefined where nothing can */
  readonly beyond?: { readonly underflow: number; readonly overflow: number }
}

/** Bins of equal width. A whole number n is the middle of its bin: bins reach from n - 1/2 to n + 1/2. */
export interface Axis {
  /** as Histogram's */
  readonly name: string
  /** for people, with its unit */
  readonly label: string
  readonly bins: number
  readonly low: number
  readonly high: number
  /** what the bins are called, where they are no numbers */
  readonly categories?: readonly string[]
}

/** What a set of histograms is of. */
export interface Origin {
  /** the run file's name, and the digest of its content */
  readonly run: string
  readonly geometry: string
  /** when the rows were taken in: ISO times, UTC */
  readonly start: string
  readonly end: string
}

export function binCentre({ low, high, bins }: Axis, bin: number): number {
  return low + ((bin + 0.5) * (high - low)) / bins
}

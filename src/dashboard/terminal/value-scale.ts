/** How values become heights: from `low`, at the lower edge, to `top`, at the upper one, evenly or by their logarithm. */
export interface ValueScale {
  readonly log: boolean
  readonly low: number
  readonly top: number
}

/** A logarithmic scale reaches no further down than this many powers of ten. */
const MOST_DECADES = 6

export function linearScale(top: number): ValueScale {
  return { log: false, low: 0, top }
}

/** From the power of ten below the least of the values above 0, so that it has a height, up to `top`; linear where there is none. */
export function logScale(values: Iterable<number>, top: number): ValueScale {
  let least = Number.POSITIVE_INFINITY
  for (const value of values) if (value > 0 && value < least) least = value
  if (!(least <= top)) return linearScale(top)
  const decade = Math.ceil(Math.log10(least)) - 1
  const low = 10 ** Math.max(decade, Math.ceil(Math.log10(top) - MOST_DECADES))
  return { log: true, low, top }
}

/** The height of a value, 0 to 1; what lies beyond the ends of the scale stays at them. */
export function heightOf(value: number, { log, low, top }: ValueScale): number {
  const height = log ? Math.log(value / low) / Math.log(top / low) : value / top
  return Math.min(1, Math.max(0, height))
}

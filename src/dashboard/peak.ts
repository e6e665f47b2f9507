/** The centre of the highest bin, in ns, the first one of several; undefined while all are empty. */
export function peakNs(counts: ArrayLike<number>, lowNs: number, widthNs: number): number | undefined {
  let highest = 0
  for (let bin = 1; bin < counts.length; bin++) if (counts[bin] > counts[highest]) highest = bin
  return counts[highest] > 0 ? lowNs + (highest + 0.5) * widthNs : undefined
}

/** Bins of two histograms, joined with the next ones until there is enough in them; what is left at the end joins the last. */
export function joinBins(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  isEnough: (a: number, b: number) => boolean,
): [number, number][] {
  const joined: [number, number][] = []
  let rest: [number, number] = [0, 0]
  for (let bin = 0; bin < a.length; bin++) {
    rest[0] += a[bin]
    rest[1] += b[bin]
    if (!isEnough(...rest)) continue
    joined.push(rest)
    rest = [0, 0]
  }
  const last = joined.at(-1)
  if (!last) return [rest]
  last[0] += rest[0]
  last[1] += rest[1]
  return joined
}

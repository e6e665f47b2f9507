/**
 * The name that `unknown` was most likely meant to be: the one with the fewest letters to change, add, leave out or
 * swap; undefined where that is more than `share` of them.
 */
export function nearestName(unknown: string, names: readonly string[], share = 1 / 2): string | undefined {
  let nearest: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const name of names) {
    const edits = editDistance(unknown.toLowerCase(), name.toLowerCase())
    if (edits < fewest && edits <= Math.max(unknown.length, name.length) * share) {
      nearest = name
      fewest = edits
    }
  }
  return nearest
}

/** Edits between two words, swaps of neighbours included (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}

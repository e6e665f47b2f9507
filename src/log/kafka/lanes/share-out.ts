/** A member and the partitions that it has worked on so far. */
export interface Claim {
  id: string
  owned: readonly number[]
}

/**
 * Shares partitions out: no member has two more than another, and each keeps as many of its own as that allows. Where two
 * claim the same one, the first by id keeps it.
 */
export function shareOut(partitions: readonly number[], claims: readonly Claim[]): Map<string, number[]> {
  const members = [...claims].sort((a, b) => (a.id < b.id ? -1 : 1))
  const free = new Set(partitions)
  const kept = members.map(({ owned }) => owned.filter((partition) => free.delete(partition)))
  const quotas = quotasFor(
    kept.map(({ length }) => length),
    partitions.length,
  )
  for (const [i, mine] of kept.entries()) for (const given of mine.splice(quotas[i])) free.add(given)
  const left = [...free].sort((a, b) => a - b)
  for (const [i, mine] of kept.entries()) mine.push(...left.splice(0, quotas[i] - mine.length))
  return new Map(members.map(({ id }, i) => [id, kept[i].sort((a, b) => a - b)]))
}

/** Even shares; where they can't be, those who have most get one more. */
function quotasFor(counts: readonly number[], total: number): number[] {
  const least = Math.floor(total / counts.length)
  const byCount = counts.map((_, i) => i).sort((a, b) => counts[b] - counts[a] || a - b)
  const quotas = counts.map(() => least)
  for (const i of byCount.slice(0, total % counts.length)) quotas[i]++
  return quotas
}

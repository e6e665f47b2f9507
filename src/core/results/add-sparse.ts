import type { SparseCounts } from './result.js'

/**
 * Adds counts by edge to counts by place. Entries outside the places are left out: a result that has them belongs to no
 * chamber of this run.
 * @param place of an edge
 */
export function addSparse(
  counts: Float64Array,
  { bin_edges, hist_counts }: SparseCounts,
  place: (edge: number) => number,
): void {
  for (let i = 0; i < bin_edges.length; i++) {
    const at = place(bin_edges[i])
    if (at >= 0 && at < counts.length) counts[at] += hist_counts[i]
  }
}

import type { Result, SparseCounts } from './result.js'

/** A count that is not what it should be. */
export interface Difference {
  /** `hit_count_chamber[2]`, `drift_time_chamber.1[97.5]` */
  field: string
  expected: number
  found: number
}

/** Every count of two results that differs; labels (who, when) are not looked at. */
export function compareCounts(expected: Result, found: Result): Difference[] {
  const differences: Difference[] = []
  const compare = (field: string, a: number, b: number) => {
    if (a !== b) differences.push({ field, expected: a, found: b })
  }
  for (const name of Object.keys(expected.rows) as (keyof Result['rows'])[])
    compare(`rows.${name}`, expected.rows[name], found.rows[name])
  compare('orbits.count', expected.orbits.count, found.orbits.count)
  compare('hit_count', expected.hit_count, found.hit_count)
  expected.hit_count_chamber.forEach((count, chamber) => {
    compare(`hit_count_chamber[${chamber}]`, count, found.hit_count_chamber[chamber] ?? 0)
  })
  for (const chamber of Object.keys(expected.tdc_counts_chamber)) {
    for (const name of HISTOGRAMS)
      compareSparse(`${name}.${chamber}`, expected[name]?.[chamber], found[name]?.[chamber], compare)
    expected.active_multiplicity_chamber[chamber].forEach((count, i) => {
      compare(
        `active_multiplicity_chamber.${chamber}[${i + 1}]`,
        count,
        found.active_multiplicity_chamber[chamber]?.[i] ?? 0,
      )
    })
    for (const side of ['underflow', 'overflow'] as const)
      compare(
        `drift_time_chamber.${chamber}.${side}`,
        expected.drift_time_chamber[chamber][side],
        found.drift_time_chamber[chamber]?.[side] ?? 0,
      )
  }
  return differences
}

const HISTOGRAMS = [
  'tdc_counts_chamber',
  'active_tdc_chamber',
  'tdc_counts_scintillator_chamber',
  'drift_time_chamber',
] as const

/** A histogram that one of the two leaves out is not compared. */
function compareSparse(
  name: string,
  expected: SparseCounts | undefined,
  found: SparseCounts | undefined,
  compare: (field: string, a: number, b: number) => void,
): void {
  if (!expected || !found) return
  const counts = new Map(found.bin_edges.map((edge, i) => [edge, found.hist_counts[i]]))
  expected.bin_edges.forEach((edge, i) => {
    compare(`${name}[${edge}]`, expected.hist_counts[i], counts.get(edge) ?? 0)
    counts.delete(edge)
  })
  for (const [edge, count] of counts) compare(`${name}[${edge}]`, 0, count)
}

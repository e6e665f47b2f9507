import type { Result, SparseCounts } from './result.js'

/** A count that is not what it should be. */
export interface Difference {
  /** `hit_count_chamber[2]`, `drift_time_chamber.1[97.5]` */
  field: string
  expected: number
  found: number
}

type Compare = (field: string, expected: number | undefined, found: number | undefined) => void

/** Every count of two results that differs; labels (who, when) are not looked at. What is missing counts as 0. */
export function compareCounts(expected: Result, found: Result): Difference[] {
  const differences: Difference[] = []
  const compare: Compare = (field, a = 0, b = 0) => {
    if (a !== b) differences.push({ field, expected: a, found: b })
  }
  for (const name of Object.keys(expected.rows) as (keyof Result['rows'])[])
    compare(`rows.${name}`, expected.rows[name], found.rows[name])
  compare('orbits.count', expected.orbits.count, found.orbits.count)
  compare('hit_count', expected.hit_count, found.hit_count)
  compareList(compare, 'hit_count_chamber', 0, expected.hit_count_chamber, found.hit_count_chamber)
  const chambers = new Set([expected, found].flatMap((result) => Object.keys(result.tdc_counts_chamber)))
  for (const chamber of chambers) compareChamber(chamber, expected, found, compare)
  return differences
}

const HISTOGRAMS = ['tdc_counts_chamber', 'tdc_counts_scintillator_chamber', 'drift_time_chamber'] as const

function compareChamber(chamber: string, expected: Result, found: Result, compare: Compare): void {
  for (const name of HISTOGRAMS)
    compareSparse(compare, `${name}.${chamber}`, expected[name][chamber], found[name][chamber])
  // the list of orbits may be left out
  const [listed, foundListed] = [expected.active_tdc_chamber, found.active_tdc_chamber]
  if (listed && foundListed)
    compareSparse(compare, `active_tdc_chamber.${chamber}`, listed[chamber], foundListed[chamber])
  const multiplicity = [expected, found].map((result) => result.active_multiplicity_chamber[chamber])
  compareList(compare, `active_multiplicity_chamber.${chamber}`, 1, multiplicity[0], multiplicity[1])
  const [drift, foundDrift] = [expected, found].map((result) => result.drift_time_chamber[chamber])
  for (const side of ['underflow', 'overflow'] as const)
    compare(`drift_time_chamber.${chamber}.${side}`, drift?.[side], foundDrift?.[side])
}

/** @param first what the list's first entry is called */
function compareList(
  compare: Compare,
  name: string,
  first: number,
  expected: readonly number[] = [],
  found: readonly number[] = [],
): void {
  for (let i = 0; i < Math.max(expected.length, found.length); i++)
    compare(`${name}[${i + first}]`, expected[i], found[i])
}

const EMPTY: SparseCounts = { bin_edges: [], hist_counts: [] }

function compareSparse(
  compare: Compare,
  name: string,
  expected: SparseCounts = EMPTY,
  found: SparseCounts = EMPTY,
): void {
  const counts = new Map(found.bin_edges.map((edge, i) => [edge, found.hist_counts[i]]))
  expected.bin_edges.forEach((edge, i) => {
    compare(`${name}[${edge}]`, expected.hist_counts[i], counts.get(edge))
    counts.delete(edge)
  })
  for (const [edge, count] of counts) compare(`${name}[${edge}]`, 0, count)
}

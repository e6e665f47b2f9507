import type { ChamberHistograms, HistogramName } from './chamber-histograms.js'
import type { Comparison } from './health-view.js'
import { chi2Test, relativeDifference, sum } from './statistics/chi2-test.js'
import { kolmogorovTest } from './statistics/kolmogorov.js'
import { chi2AtLeast } from './statistics/tails.js'

/** A comparison, and how far the shapes are from each other (`relativeDifference`). */
export interface Compared extends Comparison {
  readonly difference: number
}

/** The histograms in which the hits of one muon stand beside each other. */
const IN_CLUSTERS: ReadonlySet<HistogramName> = new Set(['occupancy', 'scintillator occupancy'])

/**
 * Compares the histograms of a chamber with those of a reference; those that are empty on one side are passed over. A muon
 * gives a hit in each layer, in cells above each other, so the entries of an occupancy come in clusters. Its chi2 keeps its
 * mean but varies more, by the mean size of the cluster that a hit is in at most: it is compared with the chi squared law of
 * chi2 and ndf divided by that (Rao and Scott's second-order correction, Ann. Statist. 12 (1984) 46), and the entries of
 * Kolmogorov's test are divided by it.
 */
export function compareHistograms(chamber: number, found: ChamberHistograms, reference: ChamberHistograms): Compared[] {
  const together = Math.max(clusterSize(found.multiplicity), clusterSize(reference.multiplicity))
  return (Object.keys(found) as HistogramName[]).flatMap((histogram) => {
    const [a, b] = [found[histogram], reference[histogram]]
    const { chi2, ndf } = chi2Test(a, b)
    if (ndf === 0) return []
    const size = IN_CLUSTERS.has(histogram) ? together : 1
    const pChi2 = chi2AtLeast(chi2 / size, ndf / size)
    const { distance, p } = kolmogorovTest(a, b, size)
    const difference = relativeDifference({ chi2, ndf }, sum(a), sum(b))
    return [{ histogram, chamber, chi2, ndf, pChi2, kolmogorov: distance, pKolmogorov: p, difference }]
  })
}

/** The mean number of cells that are hit in the orbit of a hit: sum(n^2 N) / sum(n N) for N orbits with n cells. */
function clusterSize(multiplicity: Float64Array): number {
  let [hits, weighted] = [0, 0]
  for (const [i, orbits] of multiplicity.entries()) {
    hits += (i + 1) * orbits
    weighted += (i + 1) ** 2 * orbits
  }
  return hits > 0 ? weighted / hits : 1
}

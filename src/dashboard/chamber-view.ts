import type { DriftTimeBins } from '../core/run-file/run-file.js'
import type { ChamberCounts } from './counts.js'
import { peakNs } from './peak.js'
import type { ChamberView, Curve, DriftView } from './view.js'

/** A chamber's counts as plain values, beside its hit rates. */
export function chamberView(
  counts: ChamberCounts,
  { rate, rates, bins }: { rate: number | undefined; rates: Curve; bins: DriftTimeBins },
): ChamberView {
  return {
    hits: counts.hits,
    rate,
    rates,
    cells: Array.from(counts.cells),
    scintillatorCells: Array.from(counts.scintillatorCells),
    multiplicity: Array.from(counts.multiplicity),
    drift: driftView(counts, bins),
  }
}

function driftView({ drift, underflow, overflow }: ChamberCounts, { low_ns, width_ns }: DriftTimeBins): DriftView {
  return {
    counts: Array.from(drift),
    underflow,
    overflow,
    entries: drift.reduce((sum, count) => sum + count, 0),
    peakNs: peakNs(drift, low_ns, width_ns),
  }
}

import { addSparse } from '../core/results/add-sparse.js'
import type { Result } from '../core/results/result.js'
import { CELLS, driftBinCount, type RunFile } from '../core/run-file/run-file.js'
import type { Comparison } from './health-view.js'

export type HistogramName = Comparison['histogram']

/** The histograms of one chamber, by cell, drift-time bin or number of cells less 1. */
export type ChamberHistograms = Readonly<Record<HistogramName, Float64Array>>

export function emptyHistograms({ drift_time }: RunFile): ChamberHistograms {
  return {
    occupancy: new Float64Array(CELLS),
    'scintillator occupancy': new Float64Array(CELLS),
    'drift time': new Float64Array(driftBinCount(drift_time)),
    multiplicity: new Float64Array(CELLS),
  }
}

/** Adds what a result of the same geometry has counted in a chamber. */
export function addHistograms(
  histograms: ChamberHistograms,
  result: Result,
  chamber: number,
  firstChannel: number,
): void {
  const drift = result.drift_time_chamber[chamber]
  addSparse(histograms.occupancy, result.tdc_counts_chamber[chamber], (channel) => channel - firstChannel)
  addSparse(
    histograms['scintillator occupancy'],
    result.tdc_counts_scintillator_chamber[chamber],
    (channel) => channel - firstChannel,
  )
  addSparse(histograms['drift time'], drift, (edge) => Math.round((edge - drift.low) / drift.width))
  const multiplicity = result.active_multiplicity_chamber[chamber]
  for (let i = 0; i < CELLS; i++) histograms.multiplicity[i] += multiplicity[i]
}

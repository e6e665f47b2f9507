import type { PerChamber, Result, SparseCounts } from '../core/results/result.js'
import { geometryDigest } from '../core/run-file/geometry-digest.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { ChamberCounts, Counts } from './counts.js'

/**
 * Counts in the form of a result, as of a stretch of time (ms since 1970), for whoever takes results. It does not say which
 * rows it covers, so it must not be added to others.
 */
export function countsAsResult(
  { rows, chambers }: Counts,
  run: RunFile,
  { startMs, endMs }: { startMs: number; endMs: number },
): Result {
  const perChamber = <T>(of: (chamber: ChamberCounts, number: number) => T): PerChamber<T> =>
    Object.fromEntries(chambers.map((chamber, number) => [String(number), of(chamber, number)]))
  const channel = (number: number) => (cell: number) => cell + run.chambers[number].first_channel
  const { low_ns: low, width_ns: width } = run.drift_time
  return {
    schema: 'dtstream.result/1',
    msg_ID: 0,
    worker: 'watch',
    interval: { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
    source: [],
    orbits: { first: null, last: null, count: 0, run: 0 },
    rows: { ...rows },
    geometry: geometryDigest(run),
    hit_count: chambers.reduce((sum, { hits }) => sum + hits, 0),
    hit_count_chamber: chambers.map(({ hits }) => hits),
    tdc_counts_chamber: perChamber(({ cells }, number) => sparse(cells, channel(number))),
    active_multiplicity_chamber: perChamber(({ multiplicity }) => Array.from(multiplicity)),
    tdc_counts_scintillator_chamber: perChamber(({ scintillatorCells }, number) =>
      sparse(scintillatorCells, channel(number)),
    ),
    drift_time_chamber: perChamber(({ drift, underflow, overflow }) => ({
      low,
      width,
      bins: drift.length,
      ...sparse(drift, (bin) => low + bin * width),
      underflow,
      overflow,
    })),
  }
}

function sparse(counts: Float64Array, edge: (index: number) => number): SparseCounts {
  const occurring = [...counts.keys()].filter((index) => counts[index] > 0)
  return { bin_edges: occurring.map(edge), hist_counts: occurring.map((index) => counts[index]) }
}

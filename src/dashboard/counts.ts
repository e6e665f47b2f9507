import { addSparse } from '../core/results/add-sparse.js'
import type { Result, RowCounts } from '../core/results/result.js'
import { emptyRowCounts, ROW_COUNTS } from '../core/results/row-counts.js'
import { CELLS, driftBinCount, type RunFile } from '../core/run-file/run-file.js'

/** Counts of one chamber. */
export interface ChamberCounts {
  hits: number
  /** by cell 0..63, that is TDC_CHANNEL less the chamber's first */
  readonly cells: Float64Array
  /** the same, of orbits with a scintillator signal only */
  readonly scintillatorCells: Float64Array
  /** entry n - 1: orbits with n distinct active channels */
  readonly multiplicity: Float64Array
  /** by drift-time bin */
  readonly drift: Float64Array
  underflow: number
  overflow: number
}

/** The part of a result that is shown, with a place for every cell and bin. Its size depends on the run alone. */
export class Counts {
  readonly rows: RowCounts = emptyRowCounts()
  readonly chambers: readonly ChamberCounts[]
  results = 0
  private readonly firstChannel: readonly number[]

  constructor(run: RunFile) {
    const bins = driftBinCount(run.drift_time)
    this.firstChannel = run.chambers.map((chamber) => chamber.first_channel)
    this.chambers = run.chambers.map(() => ({
      hits: 0,
      cells: new Float64Array(CELLS),
      scintillatorCells: new Float64Array(CELLS),
      multiplicity: new Float64Array(CELLS),
      drift: new Float64Array(bins),
      underflow: 0,
      overflow: 0,
    }))
  }

  /** Adds a result of the same geometry. */
  addResult(result: Result): void {
    this.results++
    this.addRows(result.rows)
    this.chambers.forEach((chamber, i) => {
      const drift = result.drift_time_chamber[i]
      const cellOf = (channel: number) => channel - this.firstChannel[i]
      chamber.hits += result.hit_count_chamber[i]
      chamber.underflow += drift.underflow
      chamber.overflow += drift.overflow
      addSparse(chamber.cells, result.tdc_counts_chamber[i], cellOf)
      addSparse(chamber.scintillatorCells, result.tdc_counts_scintillator_chamber[i], cellOf)
      addAll(chamber.multiplicity, result.active_multiplicity_chamber[i])
      addSparse(chamber.drift, drift, (edge) => Math.round((edge - drift.low) / drift.width))
    })
  }

  /** Adds other counts of the same run. */
  add(other: Counts): void {
    this.results += other.results
    this.addRows(other.rows)
    this.chambers.forEach((chamber, i) => {
      const from = other.chambers[i]
      chamber.hits += from.hits
      chamber.underflow += from.underflow
      chamber.overflow += from.overflow
      for (const name of HISTOGRAMS) addAll(chamber[name], from[name])
    })
  }

  clear(): void {
    this.results = 0
    Object.assign(this.rows, emptyRowCounts())
    for (const chamber of this.chambers) {
      chamber.hits = chamber.underflow = chamber.overflow = 0
      for (const name of HISTOGRAMS) chamber[name].fill(0)
    }
  }

  private addRows(rows: RowCounts): void {
    for (const name of ROW_COUNTS) this.rows[name] += rows[name]
  }
}

const HISTOGRAMS = ['cells', 'scintillatorCells', 'multiplicity', 'drift'] as const

function addAll(counts: Float64Array, more: ArrayLike<number>): void {
  for (let i = 0; i < counts.length; i++) counts[i] += more[i]
}

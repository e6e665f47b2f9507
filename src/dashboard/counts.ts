import { addSparse } from '../core/results/add-sparse.js'
import type { Result, RowCounts } from '../core/results/result.js'
import { emptyRowCounts } from '../core/results/row-counts.js'
import { CELLS, driftBinCount, type RunFile } from '../core/run-file/run-file.js'

/** Counts of one chamber. */
export interface ChamberCounts {
  hits: number
  /** by cell 0..63, that is TDC_CHANNEL less the chamber's first */
  readonly cells: Float64Array
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
      drift: new Float64Array(bins),
      underflow: 0,
      overflow: 0,
    }))
  }

  /** Adds a result of the same geometry. */
  addResult(result: Result): void {
    this.results++
    this.addRows(result.rows, 1)
    this.chambers.forEach((chamber, i) => {
      const drift = result.drift_time_chamber[i]
      chamber.hits += result.hit_count_chamber[i]
      chamber.underflow += drift.underflow
      chamber.overflow += drift.overflow
      addSparse(chamber.cells, result.tdc_counts_chamber[i], (channel) => channel - this.firstChannel[i])
      addSparse(chamber.drift, drift, (edge) => Math.round((edge - drift.low) / drift.width))
    })
  }

  /** Takes other counts of the same run away again; exact, as all are integers. */
  subtract(other: Counts): void {
    this.results -= other.results
    this.addRows(other.rows, -1)
    this.chambers.forEach((chamber, i) => {
      const { hits, cells, drift, underflow, overflow } = other.chambers[i]
      chamber.hits -= hits
      chamber.underflow -= underflow
      chamber.overflow -= overflow
      for (let c = 0; c < cells.length; c++) chamber.cells[c] -= cells[c]
      for (let bin = 0; bin < drift.length; bin++) chamber.drift[bin] -= drift[bin]
    })
  }

  clear(): void {
    this.results = 0
    Object.assign(this.rows, emptyRowCounts())
    for (const chamber of this.chambers) {
      chamber.hits = chamber.underflow = chamber.overflow = 0
      chamber.cells.fill(0)
      chamber.drift.fill(0)
    }
  }

  private addRows(rows: RowCounts, sign: 1 | -1): void {
    for (const name of Object.keys(this.rows) as (keyof RowCounts)[]) this.rows[name] += sign * rows[name]
  }
}

import type { Columns } from '../rows/row-buffer.js'
import { type ChamberMap, SCINTILLATOR, UNMAPPED } from '../run-file/chamber-map.js'
import { TDC_PER_BX } from '../run-file/run-file.js'
import { createHitColumns, type HitColumns } from './hit-columns.js'
import { type RunPlace, runOfRow } from './run-of-row.js'

const HIT_HEAD = 2
const FIRST_CAPACITY = 16_384
/** Hits after which a lane sends what it has: some 11 MB. */
export const MANY_HITS = 2 ** 19

/** Collects the hits and scintillator signals of rows in their order, until they are taken. */
export class HitRecorder {
  private columns = createHitColumns(FIRST_CAPACITY)

  constructor(private readonly map: ChamberMap) {}

  get isFull(): boolean {
    return this.columns.length >= MANY_HITS
  }

  /** Rows [from, to). @param places where the lane is by now, and where it may have been; see `runOfRow` */
  add(rows: Columns, from: number, to: number, places: readonly (RunPlace | undefined)[]): void {
    const known = places.filter((place) => place !== undefined)
    this.makeRoom(to - from)
    const first = this.columns.length
    this.copy(rows, from, to)
    this.setRuns(first, known)
  }

  /** What was collected; the columns are used again by the next `add`. */
  take(): HitColumns {
    const taken = { ...this.columns }
    this.columns.length = 0
    return taken
  }

  private copy({ head, fpga, channel, orbit, bx, tdc }: Columns, from: number, to: number): void {
    const { target, cell } = this.map
    const { columns } = this
    let at = columns.length
    for (let i = from; i < to; i++) {
      if (head[i] !== HIT_HEAD || fpga[i] > 15 || channel[i] > 511) continue
      const key = (fpga[i] << 9) | channel[i]
      const place = target[key]
      if (place === UNMAPPED) continue
      columns.orbit[at] = orbit[i]
      columns.chamber[at] = place
      columns.cell[at] = place === SCINTILLATOR ? 0 : cell[key]
      columns.time[at] = TDC_PER_BX * bx[i] + tdc[i]
      at++
    }
    columns.length = at
  }

  private setRuns(first: number, places: readonly RunPlace[]): void {
    const { run, orbit, length } = this.columns
    if (places.every((place) => place.run === places[0].run)) run.fill(places[0]?.run ?? 0, first, length)
    else for (let i = first; i < length; i++) run[i] = runOfRow(orbit[i], places)
  }

  private makeRoom(rows: number): void {
    const { length, orbit } = this.columns
    if (length + rows <= orbit.length) return
    const larger = createHitColumns(Math.max(2 * orbit.length, length + rows))
    for (const name of ['run', 'orbit', 'chamber', 'cell', 'time'] as const) larger[name].set(this.columns[name])
    larger.length = length
    this.columns = larger
  }
}

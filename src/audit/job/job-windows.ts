import { ORBIT_CYCLE, WRAP_MARGIN_ORBITS } from '../../core/orbits/orbit-cycle.js'
import type { Result, WindowRange } from '../../core/results/result.js'
import { emptyRowCounts } from '../../core/results/row-counts.js'
import { Tally } from '../../core/results/tally.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { compareIn, inOrder, type JobAudit } from './job-audit.js'
import { SIGNAL, WindowRows } from './window-rows.js'

export interface JobWindowsOptions {
  run: RunFile
  /** offsets at which the job began, by partition */
  since: readonly number[]
  /** the results of its windows, in any order */
  sent: readonly Result[]
  /** first offset that the topic keeps, by partition */
  starts: readonly number[]
  /** another job was begun after it, so none of its windows is open */
  isOver: boolean
}

/** The same from the first window that is kept, where earlier ones are gone. */
const HALF_TURN_ORBITS = 2 ** 31

/** Where a partition's first rows are gone, those of so many orbits behind the first that is kept may be gone too. */
const MOST_OUT_OF_ORDER_ORBITS = 2 ** 20

/** The windows of one job: each is computed again when its rows are there, and compared. */
export class JobWindows {
  /** hits and signals that wait for their window to be computed */
  held = 0
  private readonly windows: readonly Result[]
  private readonly rows: (WindowRows | undefined)[]
  private readonly tally: Tally
  /** windows before this one are done */
  private next = 0
  /** orbits that have rows but no window, by the window behind them */
  private readonly holes = new Map<number, { from: number; to: number }>()
  /** by partition whose first rows are gone: the first orbit of which all are surely there */
  private readonly sureFrom: Map<number, number>
  private readonly lowest: number

  constructor(
    private readonly audit: JobAudit,
    private readonly options: JobWindowsOptions,
  ) {
    const { run, sent, since, starts } = options
    this.windows = inOrder(audit, sent)
    this.lowest = this.firstOrbit - (audit.trimmed ? HALF_TURN_ORBITS : WRAP_MARGIN_ORBITS)
    this.rows = this.windows.map(() => undefined)
    this.tally = new Tally(run, true)
    const gone = [...starts.keys()].filter((partition) => starts[partition] > (since[partition] ?? 0))
    this.sureFrom = new Map(gone.map((partition) => [partition, Number.POSITIVE_INFINITY]))
  }

  /** The lowest orbit that a window has. */
  get firstOrbit(): number {
    return this.windows.length > 0 ? rangeOf(this.windows[0]).from : 0
  }

  /** An orbit as on the wire, counted on through the wrap as the job does. */
  countedOn(onWire: number): number {
    return onWire < this.lowest ? onWire + ORBIT_CYCLE : onWire
  }

  /**
   * Takes a hit or a scintillator signal.
   * @param orbit counted on through the wrap
   * @param cell as `WindowRows` has it
   * @returns whether there is a window for it
   */
  add(partition: number, orbit: number, cell: number, time: number): boolean {
    if (this.sureFrom.get(partition) === Number.POSITIVE_INFINITY)
      this.sureFrom.set(partition, orbit + MOST_OUT_OF_ORDER_ORBITS)
    const index = this.indexOf(orbit)
    const window = this.windows[index]
    if (window === undefined || orbit < rangeOf(window).from) {
      this.noteWithout(index, orbit, cell)
      return false
    }
    if (index < this.next) this.audit.lostHits += Number(cell !== SIGNAL)
    else {
      this.rows[index] ??= new WindowRows()
      this.rows[index].add(orbit - rangeOf(window).from, cell, time)
      this.held++
    }
    return true
  }

  /** Computes the windows that end at this orbit or before it. */
  foldUpTo(orbit: number): void {
    while (this.next < this.windows.length && rangeOf(this.windows[this.next]).to <= orbit) this.fold(this.next++)
  }

  /** All rows were taken. */
  end(): void {
    this.foldUpTo(Number.POSITIVE_INFINITY)
    for (const hole of this.holes.values()) this.audit.breaks.push({ kind: 'gap', partition: null, ...hole })
  }

  /** The first window that ends behind an orbit; the number of windows where there is none. */
  private indexOf(orbit: number): number {
    let low = 0
    let high = this.windows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (rangeOf(this.windows[middle]).to <= orbit) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Windows close in the order of their orbits, so one behind the last that has closed may be open. */
  private noteWithout(index: number, orbit: number, cell: number): void {
    const isHit = Number(cell !== SIGNAL)
    if (index === this.windows.length && !this.options.isOver) this.audit.openHits += isHit
    else if (index > 0 || !this.audit.trimmed) {
      const hole = this.holes.get(index) ?? { from: orbit, to: orbit + 1 }
      this.holes.set(index, { from: Math.min(hole.from, orbit), to: Math.max(hole.to, orbit + 1) })
      this.audit.lostHits += isHit
    }
  }

  private fold(index: number): void {
    const found = this.windows[index]
    const { from } = rangeOf(found)
    const rows = this.rows[index]
    rows?.fold(this.tally, from, this.options.run.chambers.length)
    const expected = { ...this.tally.take({ ...found, run: 0 }), rows: emptyRowCounts() }
    this.rows[index] = undefined
    this.held -= rows?.length ?? 0
    if (from < Math.max(...this.sureFrom.values())) this.audit.unchecked++
    else {
      compareIn(this.audit, expected, found)
      this.audit.lostHits += Math.max(0, expected.hit_count - found.hit_count)
    }
  }
}

function rangeOf({ source: [range] }: Result): WindowRange {
  return range as WindowRange
}

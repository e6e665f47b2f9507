import { type Columns, createColumns } from '../rows/row-buffer.js'
import { TDC_PER_BX } from '../run-file/run-file.js'

const FIRST_CAPACITY = 1024
const HIT = 2

/** Words of one FPGA that wait for the readout, oldest first. Grows as needed, in powers of two, and never shrinks. */
export class Fifo {
  private columns: Columns = createColumns(FIRST_CAPACITY)
  private times = new Float64Array(FIRST_CAPACITY)
  private mask = FIRST_CAPACITY - 1
  private first = 0
  private count = 0

  constructor(private readonly fpga: number) {}

  get length(): number {
    return this.count
  }

  /** The detector time, in orbits, of the word `place` behind the oldest. */
  timeAt(place: number): number {
    return this.times[(this.first + place) & this.mask]
  }

  /** A word with HEAD 2, `counts` TDC counts into its orbit. */
  pushSignal(channel: number, orbit: number, counts: number, time: number): void {
    const bx = (counts / TDC_PER_BX) | 0
    this.push(HIT, channel, orbit, bx, counts - bx * TDC_PER_BX, time)
  }

  push(head: number, channel: number, orbit: number, bx: number, tdc: number, time: number): void {
    if (this.count > this.mask) this.grow()
    const { columns } = this
    const at = (this.first + this.count++) & this.mask
    columns.head[at] = head
    columns.fpga[at] = this.fpga
    columns.channel[at] = channel
    columns.orbit[at] = orbit
    columns.bx[at] = bx
    columns.tdc[at] = tdc
    this.times[at] = time
  }

  /** Takes the oldest `count` words out, into `out` from `at` on. */
  shiftInto(out: Columns, at: number, count: number): void {
    const { columns, mask } = this
    for (let i = 0; i < count; i++) {
      const from = (this.first + i) & mask
      out.head[at + i] = columns.head[from]
      out.fpga[at + i] = columns.fpga[from]
      out.channel[at + i] = columns.channel[from]
      out.orbit[at + i] = columns.orbit[from]
      out.bx[at + i] = columns.bx[from]
      out.tdc[at + i] = columns.tdc[from]
    }
    this.first = (this.first + count) & mask
    this.count -= count
  }

  /** Forgets all but the oldest `most` words, which count as having come at `time`. */
  keepOldest(most: number, time: number): void {
    this.count = Math.min(this.count, most)
    for (let i = 0; i < this.count; i++) this.times[(this.first + i) & this.mask] = time
  }

  private grow(): void {
    const { count, times, first, mask } = this
    const columns = createColumns(2 * count)
    const grownTimes = new Float64Array(2 * count)
    for (let i = 0; i < count; i++) grownTimes[i] = times[(first + i) & mask]
    this.shiftInto(columns, 0, count)
    this.columns = columns
    this.times = grownTimes
    this.mask = 2 * count - 1
    this.first = 0
    this.count = count
  }
}

import { Tally } from '../results/tally.js'
import type { Columns } from '../rows/row-buffer.js'
import { type ChamberMap, SCINTILLATOR, UNMAPPED } from '../run-file/chamber-map.js'
import type { RunFile } from '../run-file/run-file.js'
import { TDC_PER_BX } from '../run-file/run-file.js'
import { Checkpoints } from './checkpoints.js'
import type { LaneState } from './lane-state.js'
import { LATE, OrbitClock } from './orbit-clock.js'

/** HEAD of a hit or scintillator signal; every other HEAD is ancillary. */
const HIT_HEAD = 2

export interface FoldOptions {
  run: RunFile
  map: ChamberMap
  /** orbits by which the lane's time must have passed an orbit that closes */
  grace: number
  /** list active channels orbit by orbit (result 4) */
  orbitDetail: boolean
}

/**
 * The fold of one lane: rows in, counts of closed orbits out. It reads columns in one pass and keeps typed arrays only.
 *
 * A lane that starts from a saved state is first given the rows from `resumeOffset` on: up to `nextOffset` they only
 * rebuild the open orbits (`counting` is false), from there on they count.
 */
export class LaneFold {
  readonly tally: Tally
  private readonly map: ChamberMap
  private readonly clock: OrbitClock
  private readonly checkpoints = new Checkpoints()
  private isCounting: boolean

  constructor({ run, map, grace, orbitDetail }: FoldOptions, state?: LaneState) {
    this.map = map
    this.tally = new Tally(run, orbitDetail)
    this.clock = new OrbitClock(grace, run.chambers.length, state?.clock)
    this.isCounting = state === undefined
    this.clock.tally = this.isCounting ? this.tally : undefined
  }

  /** Rows before this call only rebuilt the open orbits; from now on they count. */
  startCounting(): void {
    if (this.isCounting) return
    this.clock.sweep()
    this.isCounting = true
    this.clock.tally = this.tally
  }

  get counting(): boolean {
    return this.isCounting
  }

  /** Restarts of the orbit counter so far. */
  get run(): number {
    return this.clock.run
  }

  /** The lane's time: its highest plausible orbit. */
  get time(): number | null {
    return this.clock.highest
  }

  get watermark(): number | null {
    return this.clock.watermark
  }

  /** Orbits that the lane's time has gone on by. */
  get elapsedOrbits(): number {
    return this.clock.elapsed
  }

  get openOrbits(): number {
    return this.clock.orbits.count
  }

  /** A batch begins at this offset. Batches must begin at the same offsets whenever the lane is read. */
  beginBatch(offset: number): void {
    if (!this.checkpoints.isDue) return
    this.checkpoints.add(offset, this.clock.state(), this.clock.orbits.lowestMark())
    this.clock.mark = this.checkpoints.mark
  }

  /** Folds rows [from, to). */
  fold(columns: Columns, from: number, to: number): void {
    const { head, fpga, channel, orbit, bx, tdc } = columns
    const { target, cell } = this.map
    const { clock, tally } = this
    const { orbits } = clock
    const counting = this.isCounting
    let hits = 0
    let scintillator = 0
    let ancillary = 0
    for (let i = from; i < to; i++) {
      if (head[i] !== HIT_HEAD) {
        ancillary++
        continue
      }
      const f = fpga[i]
      const c = channel[i]
      if (f > 15 || c > 511) continue
      const key = (f << 9) | c
      const place = target[key]
      if (place === UNMAPPED) continue
      const slot = clock.slotFor(orbit[i])
      const time = TDC_PER_BX * bx[i] + tdc[i]
      if (place === SCINTILLATOR) {
        scintillator++
        if (slot !== LATE) orbits.addScintillator(slot, time)
        else if (counting) tally.addLateScintillator()
      } else {
        hits++
        if (slot !== LATE) orbits.addHit(slot, (place << 6) | cell[key], time)
        else if (counting) tally.addLateHit((place << 6) | cell[key])
      }
    }
    this.checkpoints.passed(to - from)
    if (!counting) return
    const { rows } = tally
    rows.read += to - from
    rows.hits += hits
    rows.scintillator += scintillator
    rows.ancillary += ancillary
    rows.unmapped += to - from - hits - scintillator - ancillary
  }

  /** Records that could not be read. */
  addMalformed(count: number): void {
    if (!this.isCounting) return
    this.tally.rows.read += count
    this.tally.rows.malformed += count
  }

  /** Closes what the time has passed, so that the tally holds every orbit up to the watermark. */
  sweep(): void {
    this.clock.sweep()
  }

  /** Nothing has come for a while: closes every open orbit. Only between batches. */
  closeIdle(): void {
    this.clock.closeAll()
    this.checkpoints.forget()
  }

  /** The source has ended, or an end mark came: every orbit is complete. Where rows are read again, so is the end mark. */
  end(): void {
    this.clock.end()
  }

  /** What to commit when the rows before `nextOffset` have been folded and swept. */
  state(nextOffset: number, nextMessage: number): LaneState {
    const checkpoint = this.checkpoints.resume(this.clock.orbits.lowestMark())
    return {
      resumeOffset: checkpoint?.offset ?? nextOffset,
      nextOffset,
      nextMessage,
      clock: checkpoint?.clock ?? this.clock.state(),
    }
  }
}

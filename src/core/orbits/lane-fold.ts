import type { HitRecorder } from '../hits/hit-recorder.js'
import { Tally } from '../results/tally.js'
import type { Columns } from '../rows/row-buffer.js'
import { type ChamberMap, SCINTILLATOR, UNMAPPED } from '../run-file/chamber-map.js'
import type { RunFile } from '../run-file/run-file.js'
import { TDC_PER_BX } from '../run-file/run-file.js'
import { Checkpoints } from './checkpoints.js'
import type { ClockState } from './clock-state.js'
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
  /** gets the hits and scintillator signals that are counted */
  recorder?: HitRecorder | undefined
}

/** What a fold saves when the rows before `nextOffset` are counted, and starts from again. Plain JSON. */
export interface FoldState {
  /** P: reading starts here again; no row before it belongs to an orbit still open */
  resumeOffset: number
  /** N: rows before it are counted */
  nextOffset: number
  /** the lane's time as it stood at `resumeOffset` */
  clock: ClockState
}

/**
 * The fold of one lane: rows in, counts of closed orbits out. It reads columns in one pass and keeps typed arrays only.
 *
 * A lane that starts from a saved state is first given the rows from `resumeOffset` on: up to `nextOffset` they only
 * rebuild the open orbits (`counting` is false), from there on they count. In a lane of several partitions rounds take the
 * place of offsets.
 */
export class LaneFold {
  readonly tally: Tally
  private readonly map: ChamberMap
  private readonly clock: OrbitClock
  private readonly checkpoints = new Checkpoints()
  private readonly recorder: HitRecorder | undefined
  private isCounting: boolean

  constructor({ run, map, grace, orbitDetail, recorder }: FoldOptions, state?: Pick<FoldState, 'clock'>) {
    this.map = map
    this.recorder = recorder
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

  /** The same, of the rows since the last end mark: undefined before the first of them. */
  get currentTime(): number | undefined {
    return this.clock.current
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
    const state = this.clock.state()
    this.checkpoints.add(offset, state, this.clock.orbits.lowestMark())
    this.clock.passCheckpoint(this.checkpoints.mark, state)
  }

  /** Folds rows [from, to). */
  fold(columns: Columns, from: number, to: number): void {
    const { head, fpga, channel, orbit, bx, tdc } = columns
    const { target, cell } = this.map
    const { clock, tally } = this
    const { orbits } = clock
    const counting = this.isCounting
    const before = this.recorder && clock.place
    clock.runEnds.length = 0
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
    this.recorder?.add(columns, from, to, [clock.place, clock.previousPlace, before, ...clock.runEnds])
  }

  /** Counts rows [from, to) without asking for their orbits: every hit and scintillator signal is late. */
  foldLate(columns: Columns, from: number, to: number): void {
    const { head, fpga, channel } = columns
    const { target, cell } = this.map
    if (!this.isCounting) return
    const { rows } = this.tally
    rows.read += to - from
    for (let i = from; i < to; i++) {
      if (head[i] !== HIT_HEAD) {
        rows.ancillary++
        continue
      }
      const key = (fpga[i] << 9) | channel[i]
      const place = fpga[i] > 15 || channel[i] > 511 ? UNMAPPED : target[key]
      if (place === UNMAPPED) rows.unmapped++
      else if (place === SCINTILLATOR) {
        rows.scintillator++
        this.tally.addLateScintillator()
      } else {
        rows.hits++
        this.tally.addLateHit((place << 6) | cell[key])
      }
    }
    this.recorder?.add(columns, from, to, [this.clock.place])
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
  state(nextOffset: number): FoldState {
    const checkpoint = this.checkpoints.resume(this.clock.orbits.lowestMark())
    return {
      resumeOffset: checkpoint?.offset ?? nextOffset,
      nextOffset,
      clock: checkpoint?.clock ?? this.clock.state(),
    }
  }
}

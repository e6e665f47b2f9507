import type { RunPlace } from '../hits/run-of-row.js'
import type { Tally } from '../results/tally.js'
import type { ClockState } from './clock-state.js'
import { OpenOrbits } from './open-orbits.js'
import { MOST_STRAYS, type Stray, Strays } from './strays.js'

/** What `slotFor` gives for a row whose orbit is closed. */
export const LATE = -1

/** Orbits ahead of the time that may still be reached in the ordinary course: 93 s. */
export const NEAR = 2 ** 20
/** Rows in a row off the time, each of another orbit, that move it: one absurd orbit moves nothing, nor do two. */
const ROWS_TO_FOLLOW = 3
/** A run that restarted so many graces behind is a restart; anything nearer is a late row. */
const RESTART_GRACES = 16
/** Gaps that a stray outlives: the orbits that a gap leaves out are no time in which the lane could have followed it. */
const LEAPS_TO_WAIT = 16
/** Hits of strays that are saved with the time; a state has to stay small. */
const MOST_SAVED_HITS = 64
const SMALLEST_RING = 4096
const MOST_RUN_ENDS = 16
const SMALLEST_REACH = 1024

/** Orbits behind the time from which on a row is of another run, or absurd; what is nearer is late. */
export function restartDistance(grace: number): number {
  return Math.max(SMALLEST_RING, grace) * RESTART_GRACES
}

interface PreviousSegment {
  time: number
  now: number
  closed: number
  base: number
  until: number
}

/**
 * The time of one lane, and which slot of `OpenOrbits` each orbit has.
 *
 * Orbits near the time lie in a ring, indexed by their low bits; the time is the highest of them. An orbit closes when
 * the time has passed it by `grace`. A row far off the time is a stray: it moves nothing, and waits in a slot of its
 * own until the time comes to it, or until `ROWS_TO_FOLLOW` rows in a row are off the time: then the time follows
 * them (their median), forwards as a gap, backwards as a new run; it also follows as many that wait within the grace ahead
 * of it, so that rows displaced by less than the grace are never late. After a restart the ring of the run before stays
 * open for stragglers for one more grace. The counter's wrap at 2^32 is no event at all: differences are taken
 * modulo 2^32. All that happens is a function of the rows and their order, so that a lane which is read again from
 * a saved state comes to the same orbits.
 */
export class OrbitClock {
  readonly orbits: OpenOrbits
  /** where closing orbits are counted; undefined while rows are read again only to rebuild the open orbits */
  tally: Tally | undefined
  /** mark that newly opened orbits get */
  mark = 0
  run = 0
  private readonly ring: number
  private readonly ringMask: number
  private readonly reach: number
  private readonly behind: number
  private readonly strays: Strays
  private started = false
  private ended = false
  private lastWatermark: number | null = null
  private time = 0
  private now = 0
  private closed = Number.NEGATIVE_INFINITY
  /** orbits up to this one have left the ring; at most a ring behind `now` */
  private swept = 0
  private settled = false
  private origin = 0
  private elapsedBefore = 0
  private base = 0
  private previous: PreviousSegment | undefined
  private streak: number[] = []
  /** when the time gets here, something becomes of a stray or of the previous run */
  private nextEvent = Number.POSITIVE_INFINITY

  /** @param grace orbits by which the time must have passed an orbit that closes; at least 1 */
  constructor(
    private readonly grace: number,
    chambers: number,
    state?: ClockState,
  ) {
    this.reach = Math.max(SMALLEST_REACH, grace >>> 1)
    this.behind = restartDistance(grace)
    this.ring = SMALLEST_RING
    while (this.ring < 2 * grace) this.ring *= 2
    this.ringMask = this.ring - 1
    this.orbits = new OpenOrbits(2 * this.ring + MOST_STRAYS, chambers)
    this.strays = new Strays(2 * this.ring)
    if (state) this.restore(state)
  }

  /** The slot of an orbit, opened if need be, or LATE. Moves the time. */
  slotFor(orbit: number): number {
    const d = (orbit - this.time) | 0
    if (d > this.reach || d < -this.behind || !this.started) return this.slotOffTime(orbit, d)
    if (this.streak.length > 0) this.streak.length = 0
    if (d > 0) this.advance(d)
    else if (d <= -this.grace || this.now + d <= this.closed) return LATE
    if (d !== 0) this.settled = true
    const slot = this.base + (orbit & this.ringMask)
    return this.orbits.isOpen(slot) ? slot : this.openSlot(slot, orbit)
  }

  /** The highest plausible orbit, as on the wire; null before the first row. */
  get highest(): number | null {
    return this.started ? this.time : this.lastWatermark
  }

  /** The same; undefined before the first row and after an end mark. */
  get current(): number | undefined {
    return this.started ? this.time : undefined
  }

  /** Where the lane is: its time, in which run; undefined as `current` is. */
  get place(): RunPlace | undefined {
    return this.started ? { run: this.run, time: this.time } : undefined
  }

  /** Where the run before ended, as long as its orbits are open. */
  get previousPlace(): RunPlace | undefined {
    return this.previous && { run: this.run - 1, time: this.previous.time }
  }

  /** Where the last runs ended, whether their orbits are open or not, until it is emptied; no more than `MOST_RUN_ENDS`. */
  readonly runEnds: RunPlace[] = []

  /** Orbits that the time has gone on by, over all runs. */
  get elapsed(): number {
    return this.elapsedBefore + this.now - this.origin
  }

  /** The last orbit that is closed, as on the wire, with all before it; null before there is one. */
  get watermark(): number | null {
    if (!this.started) return this.lastWatermark
    const closedTo = Math.max(this.closed, this.now - this.grace)
    return closedTo < 0 ? null : (this.time - (this.now - closedTo)) >>> 0
  }

  /** Closes what the time has passed. Before a result is taken, and when counting begins, it must be called. */
  sweep(): void {
    if (!this.started) return
    const count = this.now - this.grace - this.swept
    if (count <= 0) return
    const first = (this.time - (this.now - this.swept) + 1) >>> 0
    this.orbits.closeRange(this.base, this.ringMask, first, Math.min(count, this.ring), this.tally)
    this.swept = this.now - this.grace
  }

  /** Closes every open orbit: nothing has come for a while. Rows of these orbits that come later are late. */
  closeAll(): void {
    this.closePrevious()
    if (this.started && this.now > this.swept) {
      const count = Math.min(this.now - this.swept, this.ring)
      this.orbits.closeRange(this.base, this.ringMask, (this.time - count + 1) >>> 0, count, this.tally)
      this.swept = this.now
      this.closed = this.now
    }
    for (const { slot } of this.strays.entries) this.orbits.close(slot, this.tally)
    this.strays.removeAll()
    this.nextEvent = Number.POSITIVE_INFINITY
  }

  /** The source's end: every orbit is complete, and what comes next is another run. */
  end(): void {
    this.closeAll()
    if (!this.started) return
    this.lastWatermark = this.time
    this.started = false
    this.ended = true
    this.streak = []
    this.strays.closed = []
  }

  state(): ClockState {
    const { time, now, closed, settled, previous } = this
    return {
      run: this.run,
      ended: this.ended,
      watermark: this.lastWatermark,
      current: this.started ? { time, now, closed: finite(closed), settled } : null,
      previous: previous
        ? {
            time: previous.time,
            now: previous.now,
            closed: finite(previous.closed),
            settled: true,
            until: previous.until,
          }
        : null,
      streak: [...this.streak],
      strays: this.savedStrays(),
      closedStrays: this.strays.closed,
    }
  }

  /**
   * Rows may be read again from a checkpoint with this state on. The hits of a stray that are in the state need no rows
   * before it.
   */
  passCheckpoint(mark: number, { strays }: ClockState): void {
    this.mark = mark
    for (const [i, { slot }] of this.strays.entries.entries()) {
      if (strays[i].hits) this.orbits.mark[slot] = mark
    }
  }

  /** With their hits, as long as those are few. */
  private savedStrays(): Stray[] {
    let room = MOST_SAVED_HITS
    return this.strays.entries.map(({ orbit, place, near, slot }) => {
      const hits = this.orbits.hitsOf(slot, room)
      room -= hits?.length ?? 0
      return { orbit, place, near, ...(hits ? { hits } : {}) }
    })
  }

  private restore(state: ClockState): void {
    this.run = state.run
    this.ended = state.ended
    this.lastWatermark = state.watermark
    if (state.current) {
      this.begin(state.current.time, state.current.now)
      this.closed = state.current.closed ?? Number.NEGATIVE_INFINITY
      this.swept = Math.max(this.swept, this.closed)
      this.settled = state.current.settled
    }
    if (state.previous) {
      const { time, now, closed, until } = state.previous
      this.previous = { time, now, closed: closed ?? Number.NEGATIVE_INFINITY, base: this.ring, until }
    }
    this.streak = [...state.streak]
    for (const { hits = [], ...stray } of state.strays) {
      const slot = this.strays.add(stray)
      this.orbits.begin(slot, stray.orbit, this.mark)
      this.orbits.addSaved(slot, hits)
    }
    this.strays.closed = state.closedStrays
    this.planNextEvent()
  }

  private begin(orbit: number, now: number): void {
    this.elapsedBefore = this.elapsed
    this.origin = now
    this.started = true
    this.time = orbit
    this.now = now
    this.closed = Number.NEGATIVE_INFINITY
    this.swept = now - this.grace
    this.settled = false
  }

  private advance(d: number): void {
    this.time = (this.time + d) >>> 0
    this.now += d
    if (this.now - this.swept > this.ring - this.reach) this.sweep()
    if (this.now >= this.nextEvent) this.handleEvents()
  }

  /** The first row, a straggler of the run before, or a stray. */
  private slotOffTime(orbit: number, d: number): number {
    if (!this.started) {
      if (this.ended) this.run++
      this.ended = false
      this.begin(orbit, orbit)
      return this.slotFor(orbit)
    }
    const straggler = this.slotInPrevious(orbit)
    if (straggler !== undefined) return straggler
    if (!this.streak.includes(orbit)) this.streak.push(orbit)
    if (this.streak.length >= ROWS_TO_FOLLOW) {
      this.follow()
      return this.slotFor(orbit)
    }
    const known = this.strays.slotOf(orbit)
    return known >= 0 ? known : this.openStray(orbit, d)
  }

  private slotInPrevious(orbit: number): number | undefined {
    if (!this.previous) return undefined
    const { time, now, closed, base } = this.previous
    const d = (orbit - time) | 0
    if (d > this.reach || d < -this.behind) return undefined
    if (d <= -this.grace || now + d <= closed) return LATE
    const slot = base + (orbit & this.ringMask)
    return this.orbits.isOpen(slot) ? slot : this.openSlot(slot, orbit)
  }

  private openSlot(slot: number, orbit: number): number {
    if (this.strays.closed.length > 0 && this.strays.closed.includes(orbit)) return LATE
    this.orbits.begin(slot, orbit, this.mark)
    return slot
  }

  private openStray(orbit: number, d: number): number {
    if (this.strays.closed.includes(orbit)) return LATE
    if (this.strays.isFull) {
      this.orbits.closeLate(this.strays.entries[0].slot, this.tally)
      this.strays.remove(0)
    }
    const near = d > 0 && d <= NEAR
    const slot = this.strays.add({ orbit, near, place: near ? this.now + d : this.now + this.grace })
    this.orbits.begin(slot, orbit, this.mark)
    this.planNextEvent()
    return this.catchUp() ? this.slotFor(orbit) : slot
  }

  /** As many strays within the grace as the time would follow in a row: one part of the lane is ahead of the other. */
  private catchUp(): boolean {
    const { now, grace, strays } = this
    const ahead = strays.entries
      .filter(({ near, place }) => near && place <= now + grace)
      .map(({ place }) => place - now)
    if (ahead.length < ROWS_TO_FOLLOW) return false
    this.leap(median(ahead))
    this.handleEvents()
    return true
  }

  /** Moves the time to the median of the streak. */
  private follow(): void {
    const [origin] = this.streak
    const time = (origin + median(this.streak.map((orbit) => (orbit - origin) | 0))) >>> 0
    const d = (time - this.time) | 0
    this.streak = []
    if (d > 0 && (time > this.time || d <= NEAR)) this.leap(d)
    else this.restart(time)
    this.settled = true
    this.handleEvents()
  }

  /** A gap. Strays that the time has passed are as good as those that it has still to reach. */
  private leap(d: number): void {
    this.time = (this.time + d) >>> 0
    this.now += d
    this.sweep()
    for (const stray of this.strays.entries) {
      const ahead = (stray.orbit - this.time) | 0
      if (stray.near) continue
      stray.near = ahead > -d && ahead <= NEAR
      stray.place = stray.near ? this.now + ahead : stray.place + d - Math.ceil(this.grace / LEAPS_TO_WAIT)
    }
  }

  /** A new run: the ring of this one stays for stragglers, the other ring is the new run's. */
  private restart(time: number): void {
    this.sweep()
    this.closePrevious()
    const { time: before, now, closed, base } = this
    if (this.settled) this.runEnds.push({ run: this.run++, time: before })
    if (this.runEnds.length > MOST_RUN_ENDS) this.runEnds.shift()
    this.begin(time, time)
    this.previous = { time: before, now, closed, base, until: this.now + this.grace }
    this.base = this.ring - base
    this.shareStrays()
  }

  /** After a restart: strays near the new run's time are its own, those that were near the old one's time are complete. */
  private shareStrays(): void {
    for (let i = this.strays.entries.length - 1; i >= 0; i--) {
      const stray = this.strays.entries[i]
      const ahead = (stray.orbit - this.time) | 0
      const near = Math.abs(ahead) <= NEAR
      if (stray.near && !near) {
        this.orbits.close(stray.slot, this.tally)
        this.strays.remove(i)
      } else {
        stray.near = near
        stray.place = this.now + (near ? ahead : this.grace)
      }
    }
  }

  private handleEvents(): void {
    for (let i = this.strays.entries.length - 1; i >= 0; i--) {
      const { orbit, place, near, slot } = this.strays.entries[i]
      if (place > this.now) continue
      const home = this.base + (orbit & this.ringMask)
      if (!near) this.orbits.closeLate(slot, this.tally)
      else if (place <= this.now - this.grace) this.orbits.close(slot, this.tally)
      else this.orbits.move(slot, home)
      this.strays.remove(i)
    }
    if (this.previous && this.now >= this.previous.until) this.closePrevious()
    this.planNextEvent()
  }

  private planNextEvent(): void {
    this.nextEvent = Math.min(this.strays.nextPlace, this.previous?.until ?? Number.POSITIVE_INFINITY)
  }

  private closePrevious(): void {
    if (!this.previous) return
    const { time, base } = this.previous
    this.previous = undefined
    const first = (time + this.reach - this.ring + 1) >>> 0
    this.orbits.closeRange(base, this.ringMask, first, this.ring, this.tally)
    this.planNextEvent()
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

import type { RowBuffer } from '../core/rows/row-buffer.js'
import { NS_PER_ORBIT } from '../core/run-file/run-file.js'
import type { Pacer } from './pacer.js'

const HIT_HEAD = 2
const MS_PER_ORBIT = NS_PER_ORBIT / 1e6
/** Orbits by which one row may move the clock: 1.5 s; what is farther must be followed by others. */
const REACH = 1 << 14
/** Rows in a row off the time, each of another orbit, that move it. */
const ROWS_TO_FOLLOW = 3
/** A gap, if the counter wrapped within it: 93 s. Anything longer is a restart. */
const LONGEST_GAP_THROUGH_WRAP = 1 << 20

/** The rows' own clock: row by row, due when as much detector time has gone by since the first hit, at `speed` times. */
export function speedPacer(speed: number, startMs: number): Pacer {
  const clock = new ElapsedOrbits()
  let length = 0
  let dueMs = new Float64Array(0)
  return {
    wantedRate: undefined,
    begin(rows: RowBuffer) {
      length = rows.length
      if (dueMs.length < length) dueMs = new Float64Array(rows.capacity)
      const { head, orbit } = rows.columns
      for (let i = 0; i < length; i++) {
        if (head[i] === HIT_HEAD) clock.pass(orbit[i])
        dueMs[i] = startMs + (clock.elapsed * MS_PER_ORBIT) / speed
      }
    },
    due(from, nowMs) {
      let to = from
      while (to < length && dueMs[to] <= nowMs) to++
      return to - from
    },
    dueAtMs: (index) => dueMs[index],
  }
}

/** Orbits gone by since the first hit. An absurd orbit moves nothing; a restart of the counter takes no time. */
class ElapsedOrbits {
  elapsed = 0
  private time: number | undefined
  /** other orbits have confirmed the time; before, it may be absurd itself, and leaving it takes no time */
  private settled = false
  private off: number[] = []

  pass(orbit: number): void {
    this.time ??= orbit
    const ahead = (orbit - this.time) | 0
    if (Math.abs(ahead) > REACH) {
      this.passOff(orbit)
      return
    }
    this.off = []
    this.settled ||= ahead !== 0
    if (ahead <= 0) return
    this.elapsed += ahead
    this.time = orbit
  }

  private passOff(orbit: number): void {
    if (!this.off.includes(orbit)) this.off.push(orbit)
    if (this.off.length < ROWS_TO_FOLLOW) return
    this.moveTo(median(this.off))
    this.pass(orbit)
  }

  private moveTo(orbit: number): void {
    const before = this.time ?? orbit
    const ahead = (orbit - before) | 0
    const isGap = ahead > 0 && (orbit > before || ahead <= LONGEST_GAP_THROUGH_WRAP)
    if (this.settled && isGap) this.elapsed += ahead
    this.settled = true
    this.time = orbit
    this.off = []
  }
}

/** Of three orbits or so, on a counter that wraps. */
function median(orbits: readonly number[]): number {
  const [origin] = orbits
  const ahead = orbits.map((orbit) => (orbit - origin) | 0).sort((a, b) => a - b)
  return (origin + ahead[ahead.length >> 1]) >>> 0
}

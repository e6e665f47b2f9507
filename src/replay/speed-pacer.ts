import type { RowBuffer } from '../core/rows/row-buffer.js'
import { NS_PER_ORBIT } from '../core/run-file/run-file.js'
import type { Pacer } from './pacer.js'

const HIT_HEAD = 2
const MS_PER_ORBIT = NS_PER_ORBIT / 1e6
/** Orbits by which one hit may move the clock; what is farther must be followed by others. */
const REACH = 1 << 14
const ROWS_TO_FOLLOW = 3

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
  private streak = 0

  pass(orbit: number): void {
    this.time ??= orbit
    const d = (orbit - this.time) | 0
    if (Math.abs(d) <= REACH) this.streak = 0
    else if (++this.streak < ROWS_TO_FOLLOW) return
    if (d > 0 && (orbit > this.time || d <= REACH)) this.elapsed += d
    if (d > 0 || Math.abs(d) > REACH) this.time = orbit
  }
}

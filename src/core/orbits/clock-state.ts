import type { Stray } from './strays.js'

/** The lane's time in JSON: enough to go on from the same row in the same way. */
export interface ClockState {
  run: number
  ended: boolean
  watermark: number | null
  current: SegmentState | null
  previous: (SegmentState & { until: number }) | null
  streak: number[]
  strays: Stray[]
  /** strays that idleness closed */
  closedStrays: number[]
}

export interface SegmentState {
  /** highest plausible orbit, as on the wire */
  time: number
  /** the same, counted on through wraps */
  now: number
  /** orbits up to this one were closed by idleness, on `now`'s count; null where none was */
  closed: number | null
  /** other orbits have confirmed it */
  settled: boolean
}

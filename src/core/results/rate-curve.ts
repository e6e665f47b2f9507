import { sourceKey } from './chains.js'
import type { Result } from './result.js'
import { SecondRing } from './second-ring.js'

/** Seconds that a curve reaches back. */
export const CURVE_SECONDS = 240
/** The present rate is the mean of this many seconds. */
const PRESENT_SECONDS = 5
/** A lane that has sent nothing for this long beyond its interval is waited for no more. */
const LANE_PATIENCE_MS = 2000
const MAX_LANES = 1024

interface Slot {
  covered: boolean
  readonly counts: Float64Array
}

/** When a result's rows were taken in, ms since 1970, and by which lane. */
export interface Span {
  lane: string
  startMs: number
  endMs: number
}

/**
 * Counts per second of several quantities. A result's counts are spread evenly over its interval, so that lanes whose
 * intervals begin at different moments add up to a steady curve; and the curve ends with the last second that every
 * lane at work has reported, so that it does not dip where results are still to come.
 */
export class RateCurve {
  private readonly ring: SecondRing<Slot>
  /** the newest interval of each lane, the lane heard of longest ago first */
  private readonly lanes = new Map<string, Span>()
  private firstMs = Number.POSITIVE_INFINITY

  constructor(private readonly quantities: number) {
    this.ring = new SecondRing(
      CURVE_SECONDS + 1,
      (): Slot => ({ covered: false, counts: new Float64Array(quantities) }),
      (slot) => {
        slot.covered = false
        slot.counts.fill(0)
      },
    )
  }

  add(span: Span, counts: readonly number[], nowMs: number): void {
    this.ring.advance(Math.floor(nowMs / 1000))
    this.firstMs = Math.min(this.firstMs, span.startMs)
    this.noteLane(span)
    const { startMs, endMs } = span
    const first = Math.max(Math.floor(startMs / 1000), Math.floor(nowMs / 1000) - CURVE_SECONDS)
    const last = Math.max(Math.floor(startMs / 1000), Math.ceil(endMs / 1000) - 1)
    for (let second = first; second <= last; second++) {
      const slot = this.ring.at(second)
      if (!slot) continue
      const share = endMs > startMs ? overlapMs(startMs, endMs, second) / (endMs - startMs) : 1
      slot.covered = true
      for (let q = 0; q < this.quantities; q++) slot.counts[q] += counts[q] * share
    }
  }

  /**
   * Rates in 1/s by quantity, for each of the last CURVE_SECONDS whole seconds, the oldest first; null where no
   * result covers the second, or not all lanes have reported it.
   */
  curves(nowMs: number): (number | null)[][] {
    const now = Math.floor(nowMs / 1000)
    this.ring.advance(now)
    const completeMs = this.completeUpToMs()
    const curves = Array.from({ length: this.quantities }, () => new Array<number | null>(CURVE_SECONDS).fill(null))
    for (let i = 0; i < CURVE_SECONDS; i++) {
      const second = now - CURVE_SECONDS + i
      const slot = this.ring.at(second)
      if (!slot?.covered || second * 1000 < this.firstMs || (second + 1) * 1000 > completeMs) continue
      for (let q = 0; q < this.quantities; q++) curves[q][i] = rounded(slot.counts[q])
    }
    return curves
  }

  /** The end of the last interval up to which every lane at work has reported. */
  private completeUpToMs(): number {
    const spans = [...this.lanes.values()]
    const newestMs = spans.reduce((newest, { endMs }) => Math.max(newest, endMs), Number.NEGATIVE_INFINITY)
    return spans
      .filter(({ startMs, endMs }) => endMs + 2 * (endMs - startMs) + LANE_PATIENCE_MS >= newestMs)
      .reduce((least, { endMs }) => Math.min(least, endMs), newestMs)
  }

  private noteLane(span: Span): void {
    const known = this.lanes.get(span.lane)
    if (known && known.endMs > span.endMs) return
    this.lanes.delete(span.lane)
    this.lanes.set(span.lane, span)
    if (this.lanes.size > MAX_LANES) this.lanes.delete(this.lanes.keys().next().value ?? '')
  }
}

/** The lane and interval of a result. One that ends behind `latestMs`, or has no readable time, is taken to end there. */
export function spanOf({ interval, source, worker }: Result, latestMs: number): Span {
  const end = Date.parse(interval.end)
  const start = Date.parse(interval.start)
  const endMs = Math.min(Number.isNaN(end) ? latestMs : end, latestMs)
  const lengthMs = end > start ? end - start : 0
  return { lane: source.length > 0 ? sourceKey(source[0]) : worker, startMs: endMs - lengthMs, endMs }
}

/** The mean of a curve's last few seconds; undefined where it has none. */
export function presentRate(curve: readonly (number | null)[]): number | undefined {
  const end = curve.findLastIndex((rate) => rate !== null) + 1
  const rates = curve.slice(Math.max(0, end - PRESENT_SECONDS), end).filter((rate) => rate !== null)
  return rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) / rates.length : undefined
}

/** To a thousandth: shares of a second make long decimals, which say nothing and take room in what is sent. */
function rounded(rate: number): number {
  return Math.round(rate * 1000) / 1000
}

function overlapMs(startMs: number, endMs: number, second: number): number {
  return Math.max(0, Math.min(endMs, (second + 1) * 1000) - Math.max(startMs, second * 1000))
}

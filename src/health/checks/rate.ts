import { CURVE_SECONDS, RateCurve, spanOf } from '../../core/results/rate-curve.js'
import type { Result } from '../../core/results/result.js'
import { sparkPartOf } from '../../core/results/worker-name.js'
import type { HealthLimits } from '../../core/run-file/health-limits.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import type { Check } from '../check.js'
import { LimitWindow, type Verdict } from './window.js'

/** Rates are means of at least so many whole seconds. */
const LEAST_SECONDS = 10
/** And of so many that the least rate would give this many hits: without any, 6 sigma are reached. */
const LEAST_HITS = 25

/** The windows that a Spark job closes together come in any order: by then the others have come too. */
const WINDOWS_WAIT_S = 30

type Band = Exclude<HealthLimits['rate'], 'off'>

/**
 * Has a chamber too few hits a second, or too many? Of all lanes together, in the seconds that all of them have reported; of the
 * windows of a Spark job a little later.
 */
export class RateCheck implements Check {
  private readonly curve: RateCurve
  private waitS = 0
  private firstMs = Number.POSITIVE_INFINITY
  private newestMs = Number.NEGATIVE_INFINITY
  private longestMs = 0

  constructor(
    private readonly chambers: number,
    private readonly band: Band,
    private readonly probability: number,
  ) {
    this.curve = new RateCurve(chambers)
  }

  add(result: Result, endMs: number): void {
    const part = sparkPartOf(result)
    if (part === 'rows') return
    const { startMs, lane } = spanOf(result, endMs)
    const lengthMs = endMs - startMs
    this.newestMs = Math.max(this.newestMs, endMs)
    this.firstMs = Math.min(this.firstMs, startMs)
    this.longestMs = Math.max(this.longestMs, lengthMs)
    if (part === 'windows') this.waitS = Math.max(WINDOWS_WAIT_S, Math.ceil(this.longestMs / 1000))
    this.curve.add({ lane, startMs, endMs }, result.hit_count_chamber, this.newestMs)
  }

  evaluate(book: AlarmBook, atMs: number): void {
    // by then every lane has been heard
    if (this.newestMs < this.firstMs + 2 * this.longestMs) return
    const curves = this.curve.curves(this.newestMs).map((curve) => curve.slice(0, CURVE_SECONDS - this.waitS))
    for (let chamber = 0; chamber < this.chambers; chamber++) {
      const hits = hitsOf(curves[chamber], this.seconds)
      if (hits !== undefined) this.test(chamber, hits, book, atMs)
    }
  }

  /** Seconds of a mean. */
  private get seconds(): number {
    const seconds = Math.max(LEAST_SECONDS, Math.ceil(LEAST_HITS / this.band.least_hz))
    return Math.max(1, Math.min(CURVE_SECONDS - 1 - this.waitS, seconds))
  }

  private test(chamber: number, hits: number, book: AlarmBook, atMs: number): void {
    const { least_hz, most_hz } = this.band
    const low = this.verdict('least', hits, least_hz)
    const high = this.verdict('most', hits, most_hz)
    const id = `rate/${chamber}`
    if (low === 'crossed') book.raise(this.finding(id, chamber, hits, least_hz), atMs)
    else if (high === 'crossed') book.raise(this.finding(id, chamber, hits, most_hz), atMs)
    else if (low === 'kept' && high === 'kept') book.clear(id)
  }

  private verdict(side: 'least' | 'most', hits: number, limitHz: number): Verdict {
    if (side === 'least' && limitHz === 0) return 'kept'
    const window = new LimitWindow(side, this.probability)
    window.add(hits, limitHz * this.seconds)
    return window.verdict()
  }

  private finding(id: string, chamber: number, hits: number, limit: number): Finding {
    const value = hits / this.seconds
    const than = value < limit ? `at least ${limit}` : `at most ${limit}`
    const text = `chamber ${chamber} has ${Number(value.toPrecision(3))} hits a second, and ${than} are expected`
    return { id, kind: 'rate', chamber, cell: undefined, text, value, limit, unit: 'hits/s' }
  }
}

/** Hits in the last seconds that are known; a second that no result covers had none. Undefined where there are too few. */
function hitsOf(curve: readonly (number | null)[], seconds: number): number | undefined {
  const end = curve.findLastIndex((rate) => rate !== null) + 1
  const first = curve.findIndex((rate) => rate !== null)
  if (end - seconds < first || first < 0) return undefined
  return Math.round(curve.slice(end - seconds, end).reduce<number>((sum, rate) => sum + (rate ?? 0), 0))
}

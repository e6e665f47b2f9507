import { presentRate, RateCurve, type Span, spanOf } from '../core/results/rate-curve.js'
import type { Result } from '../core/results/result.js'
import { ResultSum } from '../core/results/result-sum.js'
import { ROW_COUNTS } from '../core/results/row-counts.js'
import { sparkPartOf } from '../core/results/worker-name.js'
import { geometryDigest, otherGeometry } from '../core/run-file/geometry-digest.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { HealthMonitor } from '../health/health-monitor.js'
import type { HealthView } from '../health/health-view.js'
import { chamberView } from './chamber-view.js'
import { Counts } from './counts.js'
import { RecentResults } from './recent.js'
import type { Curve, DashboardView, FlowState, ViewWindow } from './view.js'

/** What was taken in since the start. */
export interface WatchTotals {
  /** results that were added */
  readonly results: number
  /** results left out because their rows had been counted */
  readonly repeated: number
  /** holes in the chains of what results cover */
  readonly gaps: number
  readonly lagMessages: number | undefined
  /** since the end of the newest result's interval */
  readonly ageMs: number | undefined
}

/** The newest result may be this old, or three of its intervals, before the flow counts as stale. */
const STALE_MS = 10_000

/**
 * What a dashboard knows, whatever it is drawn on: the sum of all results, those of the last minutes, and the rates then.
 * Clocks are the caller's: every time is passed in, in ms since 1970.
 */
export class DashboardModel {
  private readonly digest: string
  /** everything since the start; it also knows what was received, so it outlives a reset */
  private readonly sum = new ResultSum({ orbitDetail: false })
  private readonly cumulative: Counts
  private readonly recent: RecentResults
  /** apart, as Spark jobs count rows in some results and hits in others, which come later */
  private readonly hitCurve: RateCurve
  private readonly rowCurve: RateCurve
  private readonly monitor: HealthMonitor
  private repeatedBefore = 0
  private lagMessages: number | undefined
  private newest: { endMs: number; lengthMs: number } | undefined
  private gaps: number | undefined

  constructor(
    private readonly run: RunFile,
    { reference }: { reference?: Result | undefined } = {},
  ) {
    this.digest = geometryDigest(run)
    this.cumulative = new Counts(run)
    this.recent = new RecentResults(run)
    this.monitor = new HealthMonitor(run, { reference })
    this.hitCurve = new RateCurve(run.chambers.length)
    this.rowCurve = new RateCurve(ROW_COUNTS.length)
  }

  /**
   * Takes a result in, or drops it where it repeats rows that were counted.
   * @throws ExpectedError when it was made with another geometry than the model's run file, or counts in another way what was
   *   taken in
   */
  add(result: Result, nowMs: number): 'added' | 'repeated' {
    if (result.geometry !== this.digest) throw otherGeometry(result.geometry, this.run)
    this.gaps = undefined
    if (this.sum.add(result) === 'repeated') return 'repeated'
    // one that ends in the future was stamped by a clock ahead of ours
    const span = spanOf(result, nowMs)
    this.cumulative.addResult(result)
    this.monitor.add(result, span.endMs)
    this.recent.add(result, span.endMs, nowMs)
    this.addToCurves(result, span, nowMs)
    if (!this.newest || span.endMs >= this.newest.endMs)
      this.newest = { endMs: span.endMs, lengthMs: span.endMs - span.startMs }
    return 'added'
  }

  /** How many messages are still to be read; undefined where nobody knows. */
  setLag(messages: number | undefined, nowMs: number): void {
    this.lagMessages = messages
    this.monitor.setLag(messages, nowMs)
  }

  /** Counts start anew. Rates stay, and so does the knowledge of what was received: no repetition is ever counted. */
  reset(): void {
    this.cumulative.clear()
    this.recent.clear()
    this.repeatedBefore = this.sum.repeated
  }

  /** Everything since the start, resets notwithstanding. */
  totals(nowMs: number): WatchTotals {
    const { added, repeated } = this.sum
    return { results: added, repeated, gaps: this.countGaps(), lagMessages: this.lagMessages, ageMs: this.ageMs(nowMs) }
  }

  view(nowMs: number, { window }: { window: ViewWindow }): DashboardView {
    const counts = window === 'cumulative' ? this.cumulative : this.recent.counts(nowMs, window)
    const curves = this.hitCurve.curves(nowMs)
    const rates = this.rates(nowMs)
    const state = this.state(nowMs)
    const present = (curve: Curve) => (state === 'live' ? presentRate(curve) : undefined)
    return {
      atMs: nowMs,
      window,
      state,
      rows: { ...counts.rows },
      results: counts.results,
      repeated: this.sum.repeated - this.repeatedBefore,
      gaps: this.countGaps(),
      lagMessages: this.lagMessages,
      ageMs: this.ageMs(nowMs),
      rowRate: present(rates.read),
      stepMs: 1000,
      rates,
      chambers: counts.chambers.map((chamber, i) =>
        chamberView(chamber, { rate: present(curves[i]), rates: curves[i], bins: this.run.drift_time }),
      ),
      health: this.health(),
    }
  }

  /** How detector and stream are. */
  health(): HealthView {
    return this.monitor.view()
  }

  /** Everything since the start as one result, resets notwithstanding; undefined before the first result. */
  toResult(worker: string): Result | undefined {
    return this.sum.toResult(worker)
  }

  private addToCurves(result: Result, span: Span, nowMs: number): void {
    const part = sparkPartOf(result)
    if (part !== 'rows') this.hitCurve.add(span, result.hit_count_chamber, nowMs)
    if (part === 'windows') return
    this.rowCurve.add(
      span,
      ROW_COUNTS.map((name) => result.rows[name]),
      nowMs,
    )
  }

  private rates(nowMs: number): DashboardView['rates'] {
    const curves: readonly Curve[] = this.rowCurve.curves(nowMs)
    return Object.fromEntries(ROW_COUNTS.map((name, i) => [name, curves[i]])) as DashboardView['rates']
  }

  private countGaps(): number {
    this.gaps ??= this.sum.gaps().length
    return this.gaps
  }

  private ageMs(nowMs: number): number | undefined {
    return this.newest && Math.max(0, nowMs - this.newest.endMs)
  }

  private state(nowMs: number): FlowState {
    if (!this.newest) return 'waiting'
    const { endMs, lengthMs } = this.newest
    return nowMs - endMs > Math.max(STALE_MS, 3 * lengthMs) ? 'stale' : 'live'
  }
}

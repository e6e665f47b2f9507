import { presentRate } from '../core/results/rate-curve.js'
import type { Result } from '../core/results/result.js'
import { ResultSum } from '../core/results/result-sum.js'
import { ROW_COUNTS } from '../core/results/row-counts.js'
import { sparkWorker } from '../core/results/worker-name.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { HealthMonitor } from '../health/health-monitor.js'
import type { HealthView } from '../health/health-view.js'
import { chamberView } from './chamber-view.js'
import { Counts } from './counts.js'
import { countsAsResult } from './counts-as-result.js'
import { RecordedSlots, type TimeSpan } from './recorded-slots.js'
import { steadyAlarms } from './steady-alarms.js'
import type { Curve, DashboardView, ViewWindow } from './view.js'

/**
 * A finished run, so that it can be shown as it stood at any moment. Its memory depends on the run file alone: time is cut
 * into so many slots, which are the longer the longer the run is, and moments are their edges.
 */
export class RecordedRun {
  private readonly sum = new ResultSum({ orbitDetail: false })
  private readonly slots: RecordedSlots
  /** at the end of each slot, once a monitor has seen the run */
  private health: readonly HealthView[] = []

  constructor(private readonly run: RunFile) {
    this.slots = new RecordedSlots(run)
  }

  /**
   * Takes a result in, or drops it where it repeats rows that were counted. Results may come in any order.
   * @throws ExpectedError when it was made with another geometry than those before it
   */
  add(result: Result): 'added' | 'repeated' {
    if (this.sum.add(result) === 'repeated') return 'repeated'
    const endMs = Date.parse(result.interval.end)
    this.slots.add(result, { startMs: Math.min(Date.parse(result.interval.start), endMs), endMs })
    return 'added'
  }

  /** From the start of the first result's interval to the end of the last one's; undefined without results. */
  get span(): TimeSpan | undefined {
    return this.sum.added > 0 ? this.slots.span : undefined
  }

  /** All of it as one result; undefined without results. */
  toResult(worker: string): Result | undefined {
    return this.sum.toResult(worker)
  }

  /** Has a monitor see the run, slot by slot in the order of time: from now on views have the health of their moment. */
  watchedBy(monitor: Pick<HealthMonitor, 'add' | 'view'>): void {
    const { first, last } = this.slots.range
    const health: HealthView[] = []
    for (let slot = first; slot <= last; slot++) {
      if (this.slots.isCovered(slot)) this.tell(monitor, slot)
      const view = monitor.view()
      health.push({ ...view, alarms: steadyAlarms(health.at(-1)?.alarms ?? [], view.alarms) })
    }
    this.health = health
  }

  /**
   * Results may be longer than slots: a slot's hits are those of the rows taken in then, for rates, not of the results that ended.
   * Where only rows of a Spark job reach, nothing is known of hits.
   */
  private tell(monitor: Pick<HealthMonitor, 'add'>, slot: number): void {
    const span = this.slots.spanOf(slot)
    const counts = this.slots.counts(slot) ?? new Counts(this.run)
    const hit_count_chamber = this.slots.hitsTakenIn(slot)
    const worker = this.slots.hitsAreKnown(slot) ? 'watch' : sparkWorker('watch', 'rows')
    monitor.add({ ...countsAsResult(counts, this.run, span), hit_count_chamber, worker }, span.endMs)
  }

  /**
   * The run as it stood at the first edge of a slot from `atMs` on, which is the view's `atMs`; before the run and after it,
   * as it stood at its start and its end. A window is of whole slots: it goes back as far as was asked for, or farther.
   * `repeated` and `gaps` are those of all that was read.
   * @throws Error when there are no results
   */
  view(atMs: number, { window }: { window: ViewWindow }): DashboardView {
    if (!this.span) throw new Error('nothing was recorded')
    const { stepMs, first } = this.slots.range
    const slot = this.slots.numberAt(atMs)
    const slots = window === 'cumulative' ? undefined : Math.ceil((window * 1000) / stepMs)
    const { rows, results, chambers } = this.slots.sumUpTo(slot, slots)
    const curves = this.slots.curves(slot)
    const rates = ratesOf(curves.slice(chambers.length))
    return {
      ...FINISHED,
      atMs: slot * stepMs,
      window: slots === undefined ? window : (slots * stepMs) / 1000,
      rows,
      results,
      repeated: this.sum.repeated,
      gaps: this.sum.gaps().length,
      rowRate: presentRate(rates.read),
      stepMs,
      rates,
      chambers: chambers.map((counts, i) =>
        chamberView(counts, { rate: presentRate(curves[i]), rates: curves[i], bins: this.run.drift_time }),
      ),
      health: this.health[slot - first] ?? UNWATCHED,
    }
  }
}

const UNWATCHED: HealthView = { alarms: [], edges: [], comparisons: [] }

/** Of a run that nobody waits for. */
const FINISHED = { state: 'live', lagMessages: undefined, ageMs: undefined } as const

function ratesOf(curves: readonly Curve[]): DashboardView['rates'] {
  return Object.fromEntries(ROW_COUNTS.map((name, i) => [name, curves[i]])) as DashboardView['rates']
}

import { type Result, ROW_CLASSES } from '../core/results/result.js'
import { ResultSum } from '../core/results/result-sum.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { chamberView } from './chamber-view.js'
import { Counts } from './counts.js'
import { presentRate } from './rate-curve.js'
import { RunningSums } from './running-sums.js'
import { TimeSlots } from './time-slots.js'
import type { Curve, DashboardView, ViewWindow } from './view.js'

const SHORTEST_SLOT_MS = 1000
export const MOST_SLOTS = 2000

interface Slot {
  /** results whose interval ended in the slot; undefined before there is one */
  counts: Counts | undefined
  /** counts of what was taken in during the slot, chamber by chamber and class by class */
  readonly shares: Float64Array
}

/**
 * A finished run, so that it can be shown as it stood at any moment. Its memory depends on the run file alone: time is cut
 * into at most MOST_SLOTS slots, of a second or as many as it takes, and moments are their edges.
 */
export class Recording {
  private readonly sum = new ResultSum({ orbitDetail: false })
  private readonly slots: TimeSlots<Slot>
  private readonly sums: RunningSums
  private readonly quantities: number
  private readonly total: { startMs: number; endMs: number } = {
    startMs: Number.POSITIVE_INFINITY,
    endMs: Number.NEGATIVE_INFINITY,
  }

  constructor(private readonly run: RunFile) {
    this.quantities = run.chambers.length + ROW_CLASSES.length
    this.slots = new TimeSlots<Slot>({
      stepMs: SHORTEST_SLOT_MS,
      most: MOST_SLOTS,
      make: () => ({ counts: undefined, shares: new Float64Array(this.quantities) }),
      merge: (into, slot) => this.merge(into, slot),
    })
    this.sums = new RunningSums(run, (number) => this.slots.filled(number)?.counts)
  }

  /**
   * Takes a result in, or drops it where it repeats rows that were counted. Results may come in any order.
   * @throws ExpectedError when it was made with another geometry than those before it
   */
  add(result: Result): 'added' | 'repeated' {
    if (this.sum.add(result) === 'repeated') return 'repeated'
    const endMs = Date.parse(result.interval.end)
    const startMs = Math.min(Date.parse(result.interval.start), endMs)
    this.total.startMs = Math.min(this.total.startMs, startMs)
    this.total.endMs = Math.max(this.total.endMs, endMs)
    this.slots.cover(startMs, endMs)
    const slot = this.slots.at(this.slots.numberOf(endMs))
    slot.counts ??= new Counts(this.run)
    slot.counts.addResult(result)
    this.sums.clear()
    this.share(result, startMs, endMs)
    return 'added'
  }

  /** From the start of the first result's interval to the end of the last one's, ms since 1970; undefined without results. */
  get span(): { readonly startMs: number; readonly endMs: number } | undefined {
    return this.sum.added > 0 ? this.total : undefined
  }

  /** All of it as one result; undefined without results. */
  toResult(worker: string): Result | undefined {
    return this.sum.toResult(worker)
  }

  /**
   * The run as it stood at the first edge of a slot from `atMs` on, which is the view's `atMs`; before the run and after it,
   * as it stood at its start and its end. A window is of whole slots: it goes back as far as was asked for, or farther.
   * `repeated` and `gaps` are those of all that was read.
   * @throws Error when there are no results
   */
  view(atMs: number, { window }: { window: ViewWindow }): DashboardView {
    if (!this.span) throw new Error('nothing was recorded')
    const { stepMs, first } = this.slots
    const last = Math.min(Math.max(this.slots.numberOf(atMs), first), this.slots.last)
    const slots = window === 'cumulative' ? window : Math.ceil((window * 1000) / stepMs)
    const counts =
      slots === 'cumulative' ? this.sums.upTo(first, last) : this.sums.between(Math.max(first, last - slots + 1), last)
    const curves = this.curves(last)
    const classes = curves.slice(this.run.chambers.length)
    const rates = Object.fromEntries(ROW_CLASSES.map((name, i) => [name, classes[i]])) as DashboardView['rates']
    return {
      atMs: last * stepMs,
      window: slots === 'cumulative' ? slots : (slots * stepMs) / 1000,
      state: 'live',
      rows: counts.rows,
      results: counts.results,
      repeated: this.sum.repeated,
      gaps: this.sum.gaps().length,
      lagMessages: undefined,
      ageMs: undefined,
      rowRate: presentRate(rates.read),
      stepMs,
      rates,
      chambers: counts.chambers.map((chamber, i) =>
        chamberView(chamber, { rate: presentRate(curves[i]), rates: curves[i], bins: this.run.drift_time }),
      ),
      health: { alarms: [], edges: [], comparisons: [] },
    }
  }

  /** Rates in 1/s by quantity, slot by slot up to one of them; null where no result covers the slot. */
  private curves(last: number): Curve[] {
    const { first } = this.slots
    return Array.from({ length: this.quantities }, (_, quantity) =>
      Array.from({ length: last - first + 1 }, (_, i) => this.rate(first + i, quantity)),
    )
  }

  private rate(number: number, quantity: number): number | null {
    const seconds = this.overlapMs(number, this.total.startMs, this.total.endMs) / 1000
    const slot = this.slots.filled(number)
    return slot && seconds > 0 ? slot.shares[quantity] / seconds : null
  }

  /** Spreads a result's counts evenly over its interval. */
  private share({ hit_count_chamber, rows }: Result, startMs: number, endMs: number): void {
    const counts = [...hit_count_chamber, ...ROW_CLASSES.map((name) => rows[name])]
    const last = this.slots.numberOf(endMs)
    const first = Math.min(Math.floor(startMs / this.slots.stepMs) + 1, last)
    for (let number = first; number <= last; number++) {
      const share = endMs > startMs ? this.overlapMs(number, startMs, endMs) / (endMs - startMs) : 1
      const { shares } = this.slots.at(number)
      for (let i = 0; i < this.quantities; i++) shares[i] += counts[i] * share
    }
  }

  private overlapMs(number: number, startMs: number, endMs: number): number {
    const { stepMs } = this.slots
    return Math.max(0, Math.min(endMs, number * stepMs) - Math.max(startMs, (number - 1) * stepMs))
  }

  private merge(into: Slot, { counts, shares }: Slot): void {
    for (let i = 0; i < this.quantities; i++) into.shares[i] += shares[i]
    if (into.counts && counts) into.counts.add(counts)
    else into.counts ??= counts
  }
}

import type { Result } from '../core/results/result.js'
import { ROW_COUNTS } from '../core/results/row-counts.js'
import { sparkPartOf } from '../core/results/worker-name.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { Counts } from './counts.js'
import { RunningSums } from './running-sums.js'
import { TimeSlots } from './time-slots.js'
import type { Curve } from './view.js'

const SHORTEST_SLOT_MS = 1000
export const MOST_SLOTS = 2000

/** What results count: a Spark job counts hits in some and rows in others. */
type Counted = 'hits' | 'rows'

interface Slot {
  /** results whose interval ended in the slot; undefined before there is one */
  counts: Counts | undefined
  /** what results count whose interval reaches into the slot */
  readonly covered: Set<Counted>
  /** counts of what was taken in during the slot, chamber by chamber and class by class */
  readonly shares: Float64Array
}

/** A stretch of time, ms since 1970. */
export interface TimeSpan {
  readonly startMs: number
  readonly endMs: number
}

/** The counts of a finished run in slots of time, of a second or as many as it takes to have no more than MOST_SLOTS. */
export class RecordedSlots {
  private readonly slots: TimeSlots<Slot>
  private readonly sums: RunningSums
  /** hits by chamber, and rows by class */
  private readonly quantities: number
  private readonly spans: Record<Counted, TimeSpan> = { hits: NO_SPAN, rows: NO_SPAN }

  constructor(private readonly run: RunFile) {
    this.quantities = run.chambers.length + ROW_COUNTS.length
    this.slots = new TimeSlots<Slot>({
      stepMs: SHORTEST_SLOT_MS,
      most: MOST_SLOTS,
      make: () => ({ counts: undefined, covered: new Set(), shares: new Float64Array(this.quantities) }),
      merge: (into, slot) => this.merge(into, slot),
    })
    this.sums = new RunningSums(run, (slot) => this.counts(slot))
  }

  /** Numbers of the first slot and the last, and how long all of them are; slot n ends at n * stepMs. */
  get range(): { readonly first: number; readonly last: number; readonly stepMs: number } {
    return this.slots
  }

  /** From the start of the first result's interval to the end of the last one's. */
  get span(): TimeSpan {
    return joined(this.spans.hits, this.spans.rows)
  }

  /** The slot of a moment; the first or the last one for those beyond. */
  numberAt(ms: number): number {
    return Math.min(Math.max(this.slots.numberOf(ms), this.slots.first), this.slots.last)
  }

  /** All of a result's counts go to the slot of its end, and to the curves spread evenly over its interval. */
  add(result: Result, span: TimeSpan): void {
    for (const what of countedIn(result)) this.spans[what] = joined(this.spans[what], span)
    this.slots.cover(span.startMs, span.endMs)
    const slot = this.slots.at(this.slots.numberOf(span.endMs))
    slot.counts ??= new Counts(this.run)
    slot.counts.addResult(result)
    this.sums.clear()
    this.share(result, span)
  }

  /** The sum of the results that ended in a slot, where any did. */
  counts(slot: number): Counts | undefined {
    return this.slots.filled(slot)?.counts
  }

  /** Whether any result's interval reaches into a slot. */
  isCovered(slot: number): boolean {
    return this.slots.filled(slot) !== undefined
  }

  /** A slot's stretch of time, as far as results cover it; those that count hits, where there are any. */
  spanOf(slot: number): TimeSpan {
    const { stepMs } = this.slots
    const { startMs, endMs } = this.hitsAreKnown(slot) ? this.spans.hits : this.span
    return { startMs: Math.max(startMs, (slot - 1) * stepMs), endMs: Math.min(endMs, slot * stepMs) }
  }

  /** Whether any result that counts hits reaches into a slot. */
  hitsAreKnown(slot: number): boolean {
    return this.slots.filled(slot)?.covered.has('hits') ?? false
  }

  /** Hits by chamber of the rows that were taken in during a slot; a share of a result's, so no whole numbers. */
  hitsTakenIn(slot: number): number[] {
    const { shares } = this.slots.filled(slot) ?? { shares: new Float64Array(this.quantities) }
    return Array.from(shares.subarray(0, this.run.chambers.length))
  }

  /** The sum of those that ended up to a slot, it included; of the last so many slots where their number is given. */
  sumUpTo(slot: number, slots?: number): Counts {
    const { first } = this.slots
    return slots === undefined
      ? this.sums.upTo(first, slot)
      : this.sums.between(Math.max(first, slot - slots + 1), slot)
  }

  /**
   * Rates in 1/s, slot by slot up to one of them: hits by chamber, and then rows by class; null where no result that counts them covers
   * the slot.
   */
  curves(last: number): Curve[] {
    const { first } = this.slots
    return Array.from({ length: this.quantities }, (_, quantity) =>
      Array.from({ length: last - first + 1 }, (_, i) => this.rate(first + i, quantity)),
    )
  }

  private rate(number: number, quantity: number): number | null {
    const what = quantity < this.run.chambers.length ? 'hits' : 'rows'
    const seconds = this.overlapMs(number, this.spans[what]) / 1000
    const slot = this.slots.filled(number)
    return slot?.covered.has(what) && seconds > 0 ? slot.shares[quantity] / seconds : null
  }

  private share(result: Result, span: TimeSpan): void {
    const { hit_count_chamber, rows } = result
    const counts = [...hit_count_chamber, ...ROW_COUNTS.map((name) => rows[name])]
    const lengthMs = span.endMs - span.startMs
    const last = this.slots.numberOf(span.endMs)
    const first = Math.min(Math.floor(span.startMs / this.slots.stepMs) + 1, last)
    for (let number = first; number <= last; number++) {
      const share = lengthMs > 0 ? this.overlapMs(number, span) / lengthMs : 1
      const { shares, covered } = this.slots.at(number)
      for (const what of countedIn(result)) covered.add(what)
      for (let i = 0; i < this.quantities; i++) shares[i] += counts[i] * share
    }
  }

  private overlapMs(number: number, { startMs, endMs }: TimeSpan): number {
    const { stepMs } = this.slots
    return Math.max(0, Math.min(endMs, number * stepMs) - Math.max(startMs, (number - 1) * stepMs))
  }

  private merge(into: Slot, { counts, shares, covered }: Slot): void {
    for (const what of covered) into.covered.add(what)
    for (let i = 0; i < this.quantities; i++) into.shares[i] += shares[i]
    if (into.counts && counts) into.counts.add(counts)
    else into.counts ??= counts
  }
}

const NO_SPAN: TimeSpan = { startMs: Number.POSITIVE_INFINITY, endMs: Number.NEGATIVE_INFINITY }

function joined(a: TimeSpan, b: TimeSpan): TimeSpan {
  return { startMs: Math.min(a.startMs, b.startMs), endMs: Math.max(a.endMs, b.endMs) }
}

function countedIn(result: Result): readonly Counted[] {
  const part = sparkPartOf(result)
  if (part === undefined) return ['hits', 'rows']
  return part === 'rows' ? ['rows'] : ['hits']
}

import { type RowQueue, STEP } from '../rows/row-queue.js'

/** One partition of a lane of several, and what is known of it beside the rows that wait. */
export interface LanePart {
  readonly queue: RowQueue
  /** orbit of its last event that was folded, and the run that the lane was in then */
  past: number | undefined
  pastRun: number
  /** it gave no event for so long that the others need not wait for it */
  isSilent: boolean
}

export interface LaneTime {
  /** highest plausible orbit of the current run; undefined before its first row */
  time: number | undefined
  run: number
}

/** Up to which message of its queue each partition is folded next. */
export interface Round {
  to: number[]
  /** of partitions that come back from silence, from where the lane's time has long gone on */
  late: boolean[]
}

/** Rows that wait so many are enough: no more are read before some were folded. */
export const FULL_QUEUE = 16_384

const NEAR = 2 ** 20
const SMALLEST_RING = 4096
const RESTART_GRACES = 16
/** Events that are looked at to tell one absurd orbit from a step in time. */
const EVENTS_TO_TELL = 3

/** Orbits by which one partition may be ahead of another. */
export function spreadOf(grace: number): number {
  return Math.min(2 ** 16, Math.max(1024, 2 * grace))
}

/** The grace of a lane of several partitions: nothing is late in it because one partition was ahead of another. */
export function wholeGrace(grace: number): number {
  return grace + spreadOf(grace)
}

/**
 * Says which rows of which partition are folded next, so that the lane's time goes on with its slowest partition. What is
 * decided here moves no count: a lane says in which rounds it was folded, and who folds it again takes the same ones.
 */
export class RoundPlanner {
  private readonly spread: number
  private readonly margin: number
  private readonly behind: number

  constructor(grace: number) {
    this.spread = spreadOf(grace)
    this.margin = 2 * wholeGrace(grace)
    this.behind = RESTART_GRACES * Math.max(SMALLEST_RING, wholeGrace(grace))
  }

  /**
   * The next round, or undefined where there is none.
   * @param isPartial takes also what may be the beginning of more; else a round ends where rows are known to go on
   */
  next(parts: readonly LanePart[], lane: LaneTime, isPartial: boolean): Round | undefined {
    const views = parts.map((part) => this.view(part, lane))
    if (views.some((view) => view.isUnknown)) return undefined
    const base = this.base(views, lane)
    const slices = views.map((view) => this.slice(view, base, lane))
    const to = slices.map((slice) => slice.to)
    const moves = parts.map(({ queue }, i) => to[i] > queue.first)
    if (!moves.includes(true)) return endRound(views)
    const isDue = slices.every((slice) => slice.isSure) && slices.some((slice, i) => moves[i] && slice.isWorthIt)
    return isPartial || isDue ? { to, late: views.map(({ isLate }) => isLate) } : undefined
  }

  private view(part: LanePart, { time, run }: LaneTime): View {
    const { queue, past, pastRun, isSilent } = part
    const { events, mark } = firstEvents(queue)
    const isNow = (orbit: number) => time !== undefined && this.isNear(orbit, time)
    const head = events.length === 0 || isNow(events[0]) ? events[0] : (events.find(isNow) ?? events[0])
    const waits = head === undefined && mark === undefined && !isSilent
    const hasLeft = time !== undefined && head !== undefined && (pastRun !== run || signed(head - time) < 0)
    const isLate = hasLeft && past !== undefined && !isNow(head) && this.isNear(head, past)
    return {
      queue,
      head,
      mark,
      waits,
      isLate,
      isSilent,
      place: waits ? past : head,
      isUnknown: waits && past === undefined,
    }
  }

  /** The orbit that the round begins with: where the slowest partition is. */
  private base(views: readonly View[], { time }: LaneTime): number | undefined {
    const places = views.flatMap(({ isLate, place }) => (isLate || place === undefined ? [] : [place]))
    const near = time === undefined ? [] : places.filter((place) => this.isNear(place, time))
    if (time !== undefined && near.length > 0) return lowest(near, time)
    return this.newBase(views)
  }

  /** No partition goes on where the lane's time is: with the rows that were appended first another run or a gap begins. */
  private newBase(views: readonly View[]): number | undefined {
    const heads = views.flatMap(({ isLate, head, queue }) =>
      isLate || head === undefined ? [] : [{ head, atMs: queue.appendedAtMs[queue.first] }],
    )
    if (heads.length === 0) return undefined
    const first = heads.reduce((early, other) => (other.atMs < early.atMs ? other : early)).head
    const together = heads.map(({ head }) => head).filter((head) => this.isNear(head, first))
    return lowest(together, first)
  }

  private slice(view: View, base: number | undefined, { time }: LaneTime): Slice {
    const { queue, head, mark, isLate, isSilent } = view
    const isFull = queue.size >= FULL_QUEUE
    if (isLate) return { ...this.lateSlice(view, time ?? 0), isWorthIt: isFull }
    if (head === undefined) return { to: mark ?? queue.count, isSure: true, isWorthIt: isFull }
    if (base === undefined || !this.isWithin(head, base, this.spread)) return nothingOf(queue)
    const { to, isSure } = this.eventSlice(queue, base)
    return { to, isSure: isSure || isFull || isSilent, isWorthIt: true }
  }

  /** All within the spread of the base. A single absurd orbit goes along. */
  private eventSlice(queue: RowQueue, base: number): { to: number; isSure: boolean } {
    for (let i = queue.first; i < queue.count; i++) {
      if (queue.step[i] === STEP.endMark) return { to: i, isSure: true }
      if (queue.step[i] === STEP.none || this.isWithin(queue.orbit[i], base, this.spread)) continue
      if (this.isWithin(queue.orbit[i], base, this.spread + this.margin)) return { to: i, isSure: true }
      const { events, mark } = firstEvents(queue, i)
      if (events.some((orbit) => this.isWithin(orbit, base, this.spread + this.margin))) continue
      return { to: i, isSure: events.length === EVENTS_TO_TELL || mark !== undefined }
    }
    return { to: queue.count, isSure: false }
  }

  /** Up to where the partition has caught up with the lane's time. */
  private lateSlice({ queue }: View, time: number): { to: number; isSure: boolean } {
    for (let i = queue.first; i < queue.count; i++) {
      if (queue.step[i] === STEP.endMark || (queue.step[i] === STEP.event && this.isNear(queue.orbit[i], time)))
        return { to: i, isSure: true }
    }
    return { to: queue.count, isSure: true }
  }

  private isNear(orbit: number, time: number): boolean {
    return this.isWithin(orbit, time, NEAR)
  }

  private isWithin(orbit: number, base: number, ahead: number): boolean {
    const d = signed(orbit - base)
    return d <= ahead && d >= -this.behind
  }
}

interface View {
  queue: RowQueue
  /** orbit of the first event that waits, unless that is an absurd one */
  head: number | undefined
  /** index of an end mark before any event */
  mark: number | undefined
  /** more may come of it before what waits in others */
  waits: boolean
  isLate: boolean
  isSilent: boolean
  place: number | undefined
  isUnknown: boolean
}

interface Slice {
  to: number
  /** more rows would not make it longer */
  isSure: boolean
  isWorthIt: boolean
}

const nothingOf = (queue: RowQueue): Slice => ({ to: queue.first, isSure: true, isWorthIt: false })

/** End marks are taken when all have come to one, except for those that are silent. */
function endRound(views: readonly View[]): Round | undefined {
  const isAtMark = views.map(({ queue, mark }) => mark === queue.first)
  if (!isAtMark.includes(true) || !views.every(({ queue }, i) => isAtMark[i] || queue.isEmpty)) return undefined
  if (views.some(({ waits }) => waits)) return undefined
  const to = views.map(({ queue }, i) => queue.first + (isAtMark[i] ? 1 : 0))
  return { to, late: views.map(() => false) }
}

/** Up to three events from index `from` on; they end at an end mark. */
function firstEvents(queue: RowQueue, from: number = queue.first): { events: number[]; mark: number | undefined } {
  const events: number[] = []
  for (let i = from; i < queue.count && events.length < EVENTS_TO_TELL; i++) {
    if (queue.step[i] === STEP.endMark) return { events, mark: i }
    if (queue.step[i] === STEP.event) events.push(queue.orbit[i])
  }
  return { events, mark: undefined }
}

function lowest(orbits: readonly number[], origin: number): number {
  return orbits.reduce((low, orbit) => (signed(orbit - origin) < signed(low - origin) ? orbit : low))
}

/** Modulo 2^32: the counter wraps. */
function signed(difference: number): number {
  return difference | 0
}

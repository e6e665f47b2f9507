import { LaneFold } from '../core/orbits/lane-fold.js'
import type { LaneState } from '../core/orbits/lane-state.js'
import { RoundLog } from '../core/orbits/round-log.js'
import { type Round, RoundPlanner, wholeGrace } from '../core/orbits/round-plan.js'
import type { TopicRange } from '../core/results/result.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import type { Lane } from '../log/log.js'
import type { BatchFoldOptions } from './batch-fold.js'
import { foldOptions } from './fold-settings.js'
import type { Counted } from './lane-counts.js'
import type { LaneFeed, LaneProgress } from './lane-feed.js'
import type { LaneStart } from './lane-start.js'
import { PartRows } from './part-rows.js'

export interface SeveralPartitionsOptions extends BatchFoldOptions {
  /** ms without an event after which the others do not wait for a partition */
  idleMs: number
  /** ms of a clock that only goes forward */
  now(): number
  /** results are announced, and so can have some rounds only */
  announces: boolean
}

/** So often it is looked whether a partition has fallen silent, ms. */
const LONGEST_WAIT_MS = 250
/**
 * Steps to be saved beyond which rows are folded in rounds that are whole only: then a state of 64 partitions stays below
 * what is most. At that, where the lane's time stands still or strays abound, all orbits are closed.
 */
const MANY_STEPS = 256
const MOST_SAVED = 896
/** A stray is saved with its orbit, its place and some hits. */
const STEPS_OF_STRAY = 4
const STEPS_OF_CLOSED_STRAY = 2

/**
 * The rows of a lane of several partitions. They are folded in rounds, the slowest partition first, and the rounds are
 * saved with the lane's state: a lane that is read again takes the same ones, and so comes to the same orbits.
 */
export class SeveralPartitions implements LaneFeed {
  readonly fold: LaneFold
  oldestRowMs: number | undefined
  private readonly planner: RoundPlanner
  private readonly parts: PartRows[]
  private readonly log: RoundLog
  /** rounds that are still to be folded again; behind those of the open orbits, those of the announced result */
  private again: number[][]
  private announced: number[][] | undefined
  private sentRound = 0

  constructor(
    private readonly lane: Lane,
    private readonly start: LaneStart,
    private readonly options: SeveralPartitionsOptions,
    private readonly counted: Counted,
  ) {
    const settings = foldOptions(options)
    this.fold = new LaneFold({ ...settings, grace: wholeGrace(options.grace) }, start.state)
    this.planner = new RoundPlanner(options.grace)
    const block = createRowBuffer()
    this.parts = start.parts.map((part, i) => {
      const rows = new PartRows(lane, part, lane.extents[i], { ...options, map: settings.map, block })
      rows.past = start.state?.clock.current?.time
      rows.pastRun = this.fold.run
      return rows
    })
    this.again = roundsOf((start.state?.positions ?? []).map(({ rounds }) => rounds))
    this.announced = start.announced && roundsOf(start.announced.rounds ?? [])
    this.log = new RoundLog(start.parts.map(({ countFrom }, i) => start.state?.positions[i].resumeOffset ?? countFrom))
    if (this.again.length === 0) this.startCounting()
  }

  get positions(): LaneProgress[] {
    return this.parts.map(({ partition }, i) => ({ partition, offset: this.log.offsetAt(this.log.next, i) }))
  }

  get hasUnsent(): boolean {
    return this.log.next > this.sentRound
  }

  get isOverfull(): boolean {
    const { resumeOffset, clock } = this.fold.state(this.log.next)
    const { strays, closedStrays } = clock
    const others = STEPS_OF_STRAY * strays.length + STEPS_OF_CLOSED_STRAY * closedStrays.length
    return this.log.stepsSince(resumeOffset) + others > MOST_SAVED
  }

  get isFull(): boolean {
    return this.options.announces && this.log.stepsSince(this.sentRound) > MANY_STEPS
  }

  get isAtAnnounced(): boolean {
    return this.announced !== undefined && this.fold.counting && this.again.length === 0
  }

  async read(waitMs: number): Promise<boolean> {
    if (this.isAtAnnounced) return false
    const looking = this.parts.filter((part, i) => !part.isFull || part.end < this.nextAgain(i))
    const looks = looking.map((part) => part.look(Math.min(waitMs, LONGEST_WAIT_MS)))
    if (looks.length > 0) await Promise.race(looks)
    for (const part of this.parts) part.check()
    this.foldAgain()
    const hasNews = this.parts.filter((part) => part.takeNews()).length > 0
    const isFree = this.fold.counting && this.again.length === 0 && !this.isAtAnnounced
    const hasFolded = isFree && (this.foldRounds(false) || (looks.length === 0 && this.foldRounds(true)))
    // what was not looked for may be there
    return hasNews || hasFolded || looks.length < this.parts.length
  }

  settle(isIdle: boolean): void {
    if (!this.fold.counting || (this.hasManySteps && !isIdle)) return
    for (const part of this.parts) part.isSilent ||= isIdle
    this.foldRounds(true)
  }

  ranges(): TopicRange[] {
    const { topic } = this.lane
    const { watermark } = this.fold
    return this.parts.map(({ partition }, i) => ({
      ...{ topic, partition, from: this.log.offsetAt(this.sentRound, i), to: this.log.offsetAt(this.log.next, i) },
      ...{ watermark, rounds: this.log.since(this.sentRound, i) },
    }))
  }

  announcement() {
    const to = this.parts.map((_, i) => this.log.offsetAt(this.log.next, i))
    return { to, rounds: this.parts.map((_, i) => this.log.since(this.sentRound, i)) }
  }

  sent(): void {
    this.announced = undefined
    this.oldestRowMs = undefined
    this.sentRound = this.log.next
    this.log.forgetBefore(Math.min(this.sentRound, this.fold.state(this.log.next).resumeOffset))
  }

  state(nextMessage: number): LaneState {
    const { resumeOffset: resume, nextOffset: next, clock } = this.fold.state(this.log.next)
    const positions = this.parts.map(({ partition }, i) => ({
      ...{ partition, resumeOffset: this.log.offsetAt(resume, i), nextOffset: this.log.offsetAt(next, i) },
      ...(resume < next ? { rounds: this.log.since(resume, i) } : {}),
    }))
    return { positions, nextMessage, clock }
  }

  async close(): Promise<void> {
    for (const part of this.parts) await part.close()
  }

  private get hasManySteps(): boolean {
    return this.log.stepsSince(this.fold.state(this.log.next).resumeOffset) > MANY_STEPS
  }

  /** Where a partition goes on to in the next round that is folded again. */
  private nextAgain(part: number): number {
    const [steps] = this.again
    return steps ? this.log.offsetAt(this.log.next, part) + Math.abs(steps[part]) : 0
  }

  /** Folds rounds of before as far as their rows have come; behind those of the open orbits counting begins. */
  private foldAgain(): void {
    while (this.again.length > 0 && this.parts.every((part, i) => part.end >= this.nextAgain(i))) {
      const to = this.parts.map((part, i) => part.queue.indexOf(this.nextAgain(i)))
      this.foldRound(to, this.again[0])
      this.again.shift()
    }
    if (this.again.length > 0 || this.fold.counting) return
    this.startCounting()
    this.foldAgain()
  }

  /** What retention has taken away meanwhile is a round without rows. */
  private startCounting(): void {
    const gone = this.start.parts.map(({ countFrom }, i) => countFrom - this.log.offsetAt(this.log.next, i))
    if (gone.some((step) => step > 0)) this.log.add(gone.map((step) => Math.max(0, step)))
    this.fold.startCounting()
    this.sentRound = this.log.next
    this.again = this.announced ? [...this.announced] : []
  }

  /** Whether there was any. */
  private foldRounds(isPartial: boolean): boolean {
    const first = this.log.next
    while (!this.isFull) {
      const lane = { time: this.fold.currentTime, run: this.fold.run }
      const round = this.planner.next(this.parts, lane, isPartial)
      if (!round) return this.log.next > first
      this.foldRound(round.to, this.stepsOf(round))
    }
    return this.log.next > first
  }

  private stepsOf({ to, late }: Round): number[] {
    return this.parts.map(({ queue }, i) => {
      const step = queue.offsetAt(to[i]) - this.log.offsetAt(this.log.next, i)
      return late[i] ? -step : step
    })
  }

  private noteAge(to: readonly number[]): void {
    for (const [i, { queue }] of this.parts.entries()) {
      const appendedAtMs = queue.appendedAtMs[queue.first]
      if (queue.first < to[i]) this.oldestRowMs = Math.min(this.oldestRowMs ?? appendedAtMs, appendedAtMs)
    }
  }

  private foldRound(to: number[], steps: number[]): void {
    this.fold.beginBatch(this.log.next)
    if (this.fold.counting) this.noteAge(to)
    const ends = this.parts.map((part, i) => part.fold(this.fold, to[i], steps[i] < 0, this.counted))
    this.log.add(steps)
    if (ends.includes(true)) this.fold.end()
    for (const part of this.parts) part.noteTime(this.fold.currentTime, this.fold.run)
  }
}

/** Rounds with the steps of all partitions, from the steps of each partition. */
function roundsOf([first, ...others]: readonly (readonly number[] | undefined)[]): number[][] {
  return (first ?? []).map((step, round) => [step, ...others.map((steps) => steps?.[round] ?? 0)])
}

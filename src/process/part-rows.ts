import type { LaneFold } from '../core/orbits/lane-fold.js'
import { FULL_QUEUE, type LanePart } from '../core/orbits/round-plan.js'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import { RowQueue, STEP } from '../core/rows/row-queue.js'
import type { ChamberMap } from '../core/run-file/chamber-map.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { Lane, LaneExtent, PartitionReader } from '../log/log.js'
import type { Counted } from './lane-counts.js'
import type { PartStart } from './lane-start.js'
import { type MalformedSample, tellMalformed } from './malformed-samples.js'

export interface PartRowsOptions {
  run: RunFile
  map: ChamberMap
  /** work space */
  block: RowBuffer
  strict: boolean
  idleMs: number
  now(): number
  onMalformed(samples: MalformedSample[]): void
}

/** Of a partition that is known to hold more rows the others wait so many times longer. */
const PATIENCE = 6
/** Orbits from the lane's time: the partition does not stand there. */
const FAR = 2 ** 20

/** One partition of a lane of several: reads ahead, as far as its queue allows. */
export class PartRows implements LanePart {
  readonly partition: number
  readonly queue: RowQueue
  past: number | undefined
  pastRun = 0
  isSilent = false
  private reader: Promise<PartitionReader> | undefined
  private looking: Promise<void> | undefined
  private failure: unknown
  private hasNews = false
  private eventAt: number
  private lastEvents: number[] = []

  constructor(
    private readonly lane: Lane,
    private readonly start: PartStart,
    private readonly extent: LaneExtent,
    private readonly options: PartRowsOptions,
  ) {
    this.partition = start.partition
    this.queue = new RowQueue(options.map, options.run.raw_word, options.block, start.readFrom)
    this.eventAt = options.now()
  }

  get isFull(): boolean {
    return this.queue.size >= FULL_QUEUE
  }

  /** Next offset to be read. */
  get end(): number {
    return this.queue.end
  }

  /** Looks for more rows; resolves when some came, when the time is over, or at a failure, which `check` throws. */
  look(waitMs: number): Promise<void> {
    this.looking ??= this.readBatch(waitMs)
      .catch((error) => {
        this.failure = error
      })
      .finally(() => {
        this.looking = undefined
      })
    return this.looking
  }

  /** Looks at the clock. Throws what went wrong while rows were looked for. */
  check(): void {
    if (this.failure) throw this.failure
    const patience = this.queue.end < this.extent.endOffset ? PATIENCE : 1
    this.isSilent = this.options.now() >= this.eventAt + patience * this.options.idleMs
  }

  /** Whether rows have come since the last call. */
  takeNews(): boolean {
    const { hasNews } = this
    this.hasNews = false
    return hasNews
  }

  /** Folds the messages before index `to`; whether there was an end mark among them. */
  fold(fold: LaneFold, to: number, isLate: boolean, counted: Counted): boolean {
    const { queue } = this
    if (to === queue.first) return false
    this.passEvents(to, isLate)
    const rows = queue.take(to)
    if (isLate) fold.foldLate(rows.columns, rows.from, rows.to)
    else fold.fold(rows.columns, rows.from, rows.to)
    fold.addMalformed(rows.malformed)
    if (fold.counting) {
      counted.read += rows.to - rows.from + rows.malformed
      counted.malformed += rows.malformed
    }
    return rows.hasEndMark
  }

  async close(): Promise<void> {
    await (await this.reader?.catch(() => undefined))?.close()
  }

  private async readBatch(waitMs: number): Promise<void> {
    this.reader ??= this.lane.reader(this.partition, this.start.readFrom)
    const batch = await (await this.reader).next(waitMs)
    if (!batch) return
    const { queue, start } = this
    queue.append(batch, ({ malformed }) => {
      if (batch.nextOffset > start.countFrom) tellMalformed(malformed, batch, this.options)
    })
    if (queue.step.subarray(queue.count - batch.count, queue.count).includes(STEP.event))
      this.eventAt = this.options.now()
    this.hasNews = true
  }

  /** Where the partition stands in the lane's time, which may have come to its last rows with those of others. */
  noteTime(time: number | undefined, run: number): void {
    if (time === undefined) {
      this.past = undefined
      return
    }
    const near = this.lastEvents.find((orbit) => Math.abs((orbit - time) | 0) <= FAR)
    if (near === undefined) return
    this.past = near
    this.pastRun = run
  }

  /** The orbits of the last three events before index `to`: one or two of them may be absurd. */
  private eventsBefore(to: number): number[] {
    const { queue } = this
    const events: number[] = []
    for (let i = to - 1; i >= queue.first && events.length < 3; i--)
      if (queue.step[i] === STEP.event) events.push(queue.orbit[i])
    return events
  }

  private passEvents(to: number, isLate: boolean): void {
    const events = this.eventsBefore(to)
    if (events.length === 0) return
    this.eventAt = this.options.now()
    this.lastEvents = isLate ? [] : events
    // it catches up with itself, not with the lane
    if (isLate) this.past = events.find((orbit) => Math.abs((orbit - (this.past ?? orbit)) | 0) <= FAR) ?? this.past
  }
}

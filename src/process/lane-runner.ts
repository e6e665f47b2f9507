import { LaneFold } from '../core/orbits/lane-fold.js'
import type { LaneState } from '../core/orbits/lane-state.js'
import type { Result } from '../core/results/result.js'
import { indexOfOffset, type MessageBatch } from '../core/rows/message-batch.js'
import { parseMessages, type RowConsumer } from '../core/rows/parse-messages.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import { ExpectedError } from '../errors.js'
import type { Lane, PartitionReader } from '../log/log.js'
import { type FoldSettings, foldOptions } from './fold-settings.js'
import { type MalformedSample, sampleInWords, samplesOf } from './malformed-samples.js'

export interface LaneOptions extends FoldSettings {
  /** who sends the results: group, instance, index */
  worker: string
  intervalMs: number
  /** ms without a row after which all orbits close */
  idleMs: number
  /** where a group begins that has committed nothing yet */
  begin: 'beginning' | 'end'
  /** a record that cannot be read ends the run */
  strict: boolean
  /** topic that gets the results in the lane's own transaction */
  commitTo: string | undefined
  /** state is committed with each result; otherwise by `finish`, once the sinks have all results safe */
  commitEach: boolean
}

export interface LaneSurroundings {
  /** ms since 1970 */
  wallNow(): number
  /** ms of a clock that only goes forward */
  now(): number
  /** gives a result to the sinks that are no topics; resolves when they have it */
  deliver(result: Result): Promise<void>
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
}

/** What a lane has counted since it was opened here, for the status line. */
export interface LaneCounts {
  partition: number
  position: number
  read: number
  late: number
  malformed: number
}

/** Works on one lane: reads it, folds it, sends a result an interval, commits. */
export class LaneRunner {
  private readonly fold: LaneFold
  private readonly rows = createRowBuffer(16_384)
  /** rows before it are counted already: they only rebuild the open orbits */
  private readonly countFrom: number
  private readonly start: number
  private readonly counts: LaneCounts
  private position: number
  private sentTo: number
  private nextMessage: number
  private intervalStart: number
  private lastRowAt: number
  private uncommitted: LaneState | undefined

  constructor(
    private readonly lane: Lane,
    private readonly options: LaneOptions,
    private readonly surroundings: LaneSurroundings,
  ) {
    const state = this.stateStillKept()
    this.fold = new LaneFold(foldOptions(options), state)
    this.start = state?.resumeOffset ?? this.firstOffset()
    this.countFrom = state?.nextOffset ?? this.start
    this.position = this.countFrom
    this.sentTo = this.countFrom
    this.nextMessage = lane.state?.nextMessage ?? 0
    this.intervalStart = surroundings.wallNow()
    this.lastRowAt = surroundings.now()
    this.counts = { partition: lane.partition, position: this.position, read: 0, late: 0, malformed: 0 }
    if (this.start >= this.countFrom) this.fold.startCounting()
  }

  get status(): LaneCounts {
    return { ...this.counts, position: this.position }
  }

  /** Until `stop` aborts or the lane is lost; then sends what is left. Orbits still open stay for the next who reads. */
  async run(stop: AbortSignal): Promise<void> {
    const { lane, options, surroundings } = this
    if (!lane.state && options.commitEach) await lane.commit(this.fold.state(this.position, 0))
    const reader = await lane.reader(this.start)
    try {
      let dueAt = surroundings.now() + options.intervalMs
      while (!stop.aborted && !lane.lost.aborted) {
        await this.readOnce(reader, dueAt)
        const now = surroundings.now()
        if (this.isIdle(now)) {
          this.fold.closeIdle()
          await this.send()
        } else if (now >= dueAt) await this.send()
        if (now >= dueAt) dueAt = Math.max(dueAt + options.intervalMs, now)
      }
      if (!lane.lost.aborted) await this.send()
    } finally {
      await reader.close()
    }
  }

  /** Commits what `commitEach: false` has held back. */
  async finish(): Promise<void> {
    if (this.uncommitted) await this.lane.commit(this.uncommitted)
    this.uncommitted = undefined
  }

  private async readOnce(reader: PartitionReader, dueAt: number): Promise<void> {
    const { idleMs } = this.options
    const now = this.surroundings.now()
    const idleAt = this.fold.openOrbits > 0 ? this.lastRowAt + idleMs : Number.POSITIVE_INFINITY
    const batch = await reader.next(Math.max(0, Math.min(dueAt, idleAt) - now))
    if (!batch) return
    this.foldBatch(batch)
    this.position = Math.max(this.position, batch.nextOffset)
    this.lastRowAt = this.surroundings.now()
  }

  private isIdle(now: number): boolean {
    return this.fold.counting && this.fold.openOrbits > 0 && now >= this.lastRowAt + this.options.idleMs
  }

  private foldBatch(batch: MessageBatch): void {
    const { fold } = this
    fold.beginBatch(batch.firstOffset)
    const split = fold.counting ? 0 : indexOfOffset(batch, this.countFrom)
    if (split > 0) this.foldMessages(batch, 0, split)
    if (batch.nextOffset >= this.countFrom) fold.startCounting()
    if (split < batch.count) this.foldMessages(batch, split, batch.count)
  }

  private foldMessages(batch: MessageBatch, from: number, to: number): void {
    const { fold } = this
    const consumer: RowConsumer = {
      rows: (rows) => {
        const { late } = fold.tally.rows
        fold.fold(rows.columns, 0, rows.length)
        fold.addMalformed(rows.malformed.count)
        if (!fold.counting) return
        this.counts.read += rows.length + rows.malformed.count
        this.counts.late += fold.tally.rows.late - late
        if (rows.malformed.count > 0) this.tellMalformed(batch, rows.malformed)
      },
      end: () => fold.end(),
    }
    parseMessages(batch, from, to, this.options.run.raw_word, this.rows, consumer)
  }

  private tellMalformed(batch: MessageBatch, malformed: Parameters<typeof samplesOf>[0]): void {
    const samples = samplesOf(malformed, batch.bytes, 5, (start) => {
      const index = batch.start.findLastIndex((from) => from <= start)
      return `${batch.topic}/${batch.partition} offset ${batch.offsets?.[index] ?? batch.firstOffset + index}`
    })
    this.counts.malformed += malformed.count
    if (this.options.strict)
      throw new ExpectedError(sampleInWords(samples[0]), ['without --strict it is counted and passed over'])
    this.surroundings.onMalformed(samples)
  }

  /** Sends the interval's result, if there is anything to say, with the state to go on from. */
  private async send(): Promise<void> {
    const { fold, surroundings } = this
    if (!fold.counting) return
    fold.sweep()
    const now = surroundings.wallNow()
    if (this.position > this.sentTo || !fold.tally.isEmpty) {
      const result = this.takeResult(now)
      const state = fold.state(this.position, this.nextMessage)
      await surroundings.deliver(result)
      await this.commit(state, result)
      this.sentTo = this.position
    }
    this.intervalStart = now
  }

  private takeResult(now: number): Result {
    const { fold, lane, options } = this
    const { topic, partition } = lane
    return fold.tally.take({
      msg_ID: this.nextMessage++,
      worker: options.worker,
      interval: { start: new Date(this.intervalStart).toISOString(), end: new Date(now).toISOString() },
      source: [{ topic, partition, from: this.sentTo, to: this.position, watermark: fold.watermark }],
      geometry: options.geometry,
      run: fold.run,
    })
  }

  private async commit(state: LaneState, result: Result): Promise<void> {
    const { commitTo, commitEach } = this.options
    if (!commitEach) this.uncommitted = state
    else if (commitTo === undefined) await this.lane.commit(state)
    else await this.lane.commit(state, { topic: commitTo, values: [encoder.encode(JSON.stringify(result))] })
  }

  private firstOffset(): number {
    const { startOffset, endOffset, state } = this.lane
    return this.options.begin === 'beginning' || state ? startOffset : endOffset
  }

  /** The committed state, unless retention has deleted rows that it still needs. */
  private stateStillKept(): LaneState | undefined {
    const { state, startOffset, topic, partition } = this.lane
    if (!state || state.resumeOffset >= startOffset) return state
    const gone = `offsets ${state.resumeOffset} to ${startOffset - 1} of ${topic}/${partition}`
    this.surroundings.onWarning(
      `retention has deleted ${gone} before they were done with: the lane goes on at offset ${startOffset}, and its results have a gap`,
    )
    return undefined
  }
}

const encoder = new TextEncoder()

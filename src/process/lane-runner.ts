import { LaneFold } from '../core/orbits/lane-fold.js'
import type { LaneState } from '../core/orbits/lane-state.js'
import type { Result } from '../core/results/result.js'
import { indexOfOffset, type MessageBatch } from '../core/rows/message-batch.js'
import { parseMessages, type RowConsumer } from '../core/rows/parse-messages.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import { ExpectedError } from '../errors.js'
import { type Lane, offsetOf, type PartitionReader } from '../log/log.js'
import { resultValue } from '../sinks/topic.js'
import { type FoldSettings, foldOptions } from './fold-settings.js'
import type { LaneCounts } from './lane-counts.js'
import { type LaneStart, laneStart } from './lane-start.js'
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

/** A result that the sinks have, and what the lane has done with it. */
export interface Delivered {
  result: Result
  state: LaneState
}

export interface LaneSurroundings {
  /** ms since 1970 */
  wallNow(): number
  /** ms of a clock that only goes forward */
  now(): number
  /** gives a result to the sinks that are no topics; resolves when they have it */
  deliver(delivered: Delivered): Promise<void>
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
}

/** Works on one lane: reads it, folds it, sends a result an interval, commits. */
export class LaneRunner {
  private readonly start: LaneStart
  private readonly fold: LaneFold
  private readonly rows = createRowBuffer(16_384)
  private readonly counts: LaneCounts
  private position: number
  private sentTo: number
  private nextMessage: number
  private intervalStart: number
  private dueAt: number
  private lastRowAt: number
  private uncommitted: LaneState | undefined

  /** @param delivered the last result that the sinks were given by a worker which has died, maybe before it was committed */
  constructor(
    private readonly lane: Lane,
    private readonly options: LaneOptions,
    private readonly surroundings: LaneSurroundings,
    private readonly delivered?: Delivered,
  ) {
    const { state } = this.isAhead(delivered) ? delivered : lane
    this.start = laneStart(lane, state, options.begin)
    const { countFrom, readFrom, nextMessage, warning } = this.start
    if (warning) surroundings.onWarning(warning)
    this.fold = new LaneFold(foldOptions(options), this.start.state)
    if (readFrom >= countFrom) this.fold.startCounting()
    this.position = countFrom
    this.sentTo = countFrom
    this.nextMessage = nextMessage
    this.intervalStart = surroundings.wallNow()
    this.lastRowAt = surroundings.now()
    this.dueAt = this.lastRowAt + options.intervalMs
    this.counts = { partition: lane.partition, position: countFrom, read: 0, late: 0, malformed: 0, results: 0 }
  }

  get status(): LaneCounts {
    return { ...this.counts, position: this.position }
  }

  /**
   * Until `stop` aborts or the lane is lost; then sends what is left. Orbits still open stay for the next who reads.
   * @throws LaneLostError when somebody else holds the lane by now; nothing is committed then
   */
  async run(stop: AbortSignal): Promise<void> {
    const { lost } = this.lane
    await this.commitStart()
    const reader = await this.lane.reader(this.start.readFrom)
    const ending = AbortSignal.any([stop, lost])
    // who waits for rows is woken, so that the end need not wait for an interval
    const wake = () => void reader.close()
    ending.addEventListener('abort', wake)
    try {
      while (!ending.aborted) {
        await this.readOnce(reader)
        await this.sendIfDue()
      }
      if (!lost.aborted) await this.send()
    } finally {
      ending.removeEventListener('abort', wake)
      await reader.close()
    }
  }

  /** Commits what `commitEach: false` has held back. */
  async finish(): Promise<void> {
    if (this.uncommitted) await this.lane.commit(this.uncommitted)
    this.uncommitted = undefined
  }

  private isAhead(delivered: Delivered | undefined): delivered is Delivered {
    return delivered !== undefined && delivered.state.nextMessage > (this.lane.state?.nextMessage ?? 0)
  }

  /** What a worker before did not come to commit; and where a new group begins, so that it begins there only once. */
  private async commitStart(): Promise<void> {
    const { delivered, lane } = this
    if (this.isAhead(delivered)) await this.commit(delivered)
    else if (!lane.state) await this.commit({ state: this.fold.state(this.position, 0) })
  }

  private async readOnce(reader: PartitionReader): Promise<void> {
    const { surroundings, options, fold } = this
    const idleAt = fold.openOrbits > 0 ? this.lastRowAt + options.idleMs : Number.POSITIVE_INFINITY
    const batch = await reader.next(Math.max(0, Math.min(this.dueAt, idleAt) - surroundings.now()))
    if (!batch) return
    this.foldBatch(batch)
    this.position = Math.max(this.position, batch.nextOffset)
    this.lastRowAt = surroundings.now()
  }

  private async sendIfDue(): Promise<void> {
    const now = this.surroundings.now()
    const isDue = now >= this.dueAt
    const isIdle = this.fold.counting && this.fold.openOrbits > 0 && now >= this.lastRowAt + this.options.idleMs
    if (isIdle) this.fold.closeIdle()
    if (isIdle || isDue) await this.send()
    if (isDue) this.dueAt = Math.max(this.dueAt + this.options.intervalMs, now)
  }

  private foldBatch(batch: MessageBatch): void {
    const { fold, start } = this
    fold.beginBatch(batch.firstOffset)
    const split = fold.counting ? 0 : indexOfOffset(batch, start.countFrom)
    if (split > 0) this.foldMessages(batch, 0, split)
    if (batch.nextOffset >= start.countFrom) fold.startCounting()
    if (split < batch.count) this.foldMessages(batch, split, batch.count)
  }

  private foldMessages(batch: MessageBatch, from: number, to: number): void {
    const { fold, counts } = this
    const consumer: RowConsumer = {
      rows: (rows) => {
        fold.fold(rows.columns, 0, rows.length)
        fold.addMalformed(rows.malformed.count)
        if (!fold.counting) return
        counts.read += rows.length + rows.malformed.count
        if (rows.malformed.count > 0) this.tellMalformed(batch, rows.malformed)
      },
      end: () => fold.end(),
    }
    parseMessages(batch, from, to, this.options.run.raw_word, this.rows, consumer)
  }

  private tellMalformed(batch: MessageBatch, malformed: Parameters<typeof samplesOf>[0]): void {
    const samples = samplesOf(malformed, batch.bytes, (start) => {
      const index = batch.start.findLastIndex((from) => from <= start)
      return `${batch.topic}/${batch.partition} offset ${offsetOf(batch, index)}`
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
      const sent = { result, state: fold.state(this.position, this.nextMessage) }
      await surroundings.deliver(sent)
      await this.commit(sent)
      this.sentTo = this.position
      this.counts.results++
      this.counts.late += result.rows.late
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

  private async commit({ state, result }: { state: LaneState; result?: Result }): Promise<void> {
    const { commitTo, commitEach } = this.options
    if (!commitEach) this.uncommitted = state
    else if (!result || commitTo === undefined) await this.lane.commit(state)
    else await this.lane.commit(state, { topic: commitTo, values: [resultValue(result)] })
  }
}

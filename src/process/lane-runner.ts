import type { LaneState } from '../core/orbits/lane-state.js'
import type { Result } from '../core/results/result.js'
import { type Lane, MessagesGoneError, type PartitionReader } from '../log/log.js'
import { resultValue } from '../sinks/topic.js'
import { BatchFold } from './batch-fold.js'
import type { FoldSettings } from './fold-settings.js'
import { type LaneCounts, NOTHING_COUNTED } from './lane-counts.js'
import { type LaneStart, laneStart } from './lane-start.js'
import type { MalformedSample } from './malformed-samples.js'

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
  /** how far the lane has come in the results so far; undefined for one that nobody has worked on */
  private state: LaneState | undefined
  private start: LaneStart
  private batches: BatchFold
  private position: number
  private sentTo: number
  private nextMessage: number
  private intervalStart: number
  private dueAt: number
  private lastRowAt: number
  private uncommitted: LaneState | undefined
  private readonly counts: LaneCounts

  /** @param delivered the last result that the sinks were given by a worker which has died, maybe before it was committed */
  constructor(
    private readonly lane: Lane,
    private readonly options: LaneOptions,
    private readonly surroundings: LaneSurroundings,
    private readonly delivered?: Delivered,
  ) {
    this.counts = { partition: lane.partition, position: 0, ...NOTHING_COUNTED }
    this.state = this.isAhead(delivered) ? delivered.state : lane.state
    this.start = this.findStart(lane.startOffset)
    this.batches = this.newBatches()
    this.position = this.start.countFrom
    this.sentTo = this.position
    this.nextMessage = this.start.nextMessage
    this.intervalStart = surroundings.wallNow()
    this.lastRowAt = surroundings.now()
    this.dueAt = this.lastRowAt + options.intervalMs
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
    const ending = AbortSignal.any([stop, lost])
    await this.commitStart()
    while (!ending.aborted) await this.readUntil(ending)
    if (!lost.aborted) await this.send()
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
    const { delivered, state } = this
    if (this.isAhead(delivered)) await this.commit(delivered)
    else if (!state) await this.commit({ state: this.batches.fold.state(this.position, 0) })
  }

  /** Until that aborts, or retention overtakes the lane: then the lane stands behind what is gone. */
  private async readUntil(ending: AbortSignal): Promise<void> {
    const reader = await this.lane.reader(this.start.readFrom)
    // who waits for rows is woken, so that the end need not wait for an interval
    const wake = () => void reader.close()
    ending.addEventListener('abort', wake)
    try {
      while (!ending.aborted) {
        await this.readOnce(reader)
        await this.sendIfDue()
      }
    } catch (error) {
      if (!(error instanceof MessagesGoneError)) throw error
      await this.send()
      this.goOnAt(error.firstKept)
    } finally {
      ending.removeEventListener('abort', wake)
      await reader.close()
    }
  }

  private async readOnce(reader: PartitionReader): Promise<void> {
    const { surroundings, options } = this
    const idleAt = this.batches.fold.openOrbits > 0 ? this.lastRowAt + options.idleMs : Number.POSITIVE_INFINITY
    const batch = await reader.next(Math.max(0, Math.min(this.dueAt, idleAt) - surroundings.now()))
    if (!batch) return
    this.batches.add(batch)
    this.position = Math.max(this.position, batch.nextOffset)
    this.lastRowAt = surroundings.now()
  }

  private async sendIfDue(): Promise<void> {
    const { fold } = this.batches
    const now = this.surroundings.now()
    const isDue = now >= this.dueAt
    const isIdle = fold.counting && fold.openOrbits > 0 && now >= this.lastRowAt + this.options.idleMs
    if (isIdle) fold.closeIdle()
    if (isIdle || isDue) await this.send()
    if (isDue) this.dueAt = Math.max(this.dueAt + this.options.intervalMs, now)
  }

  /** Sends the interval's result, if there is anything to say, with the state to go on from. */
  private async send(): Promise<void> {
    const { surroundings, counts } = this
    const { fold } = this.batches
    if (!fold.counting) return
    fold.sweep()
    const now = surroundings.wallNow()
    if (this.position > this.sentTo || !fold.tally.isEmpty) {
      const result = this.takeResult(now)
      const sent = { result, state: fold.state(this.position, this.nextMessage) }
      await surroundings.deliver(sent)
      await this.commit(sent)
      this.sentTo = this.position
      counts.results++
      counts.late += result.rows.late
    }
    this.intervalStart = now
  }

  private takeResult(now: number): Result {
    const { lane, options } = this
    const { fold } = this.batches
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
    this.state = state
  }

  private goOnAt(firstKept: number): void {
    this.start = this.findStart(firstKept)
    this.batches = this.newBatches()
    this.position = this.start.countFrom
    this.sentTo = this.position
  }

  private findStart(startOffset: number): LaneStart {
    const { topic, partition, endOffset } = this.lane
    const start = laneStart({ topic, partition, startOffset, endOffset }, this.state, this.options.begin)
    if (start.warning) this.surroundings.onWarning(start.warning)
    return start
  }

  private newBatches(): BatchFold {
    const { options, surroundings, counts } = this
    return new BatchFold(
      this.start,
      { ...options, onMalformed: (samples) => surroundings.onMalformed(samples) },
      counts,
    )
  }
}

import type { HitColumns } from '../core/hits/hit-columns.js'
import { HitRecorder } from '../core/hits/hit-recorder.js'
import type { Announcement, LaneState } from '../core/orbits/lane-state.js'
import type { Result } from '../core/results/result.js'
import { addRowCounts } from '../core/results/row-counts.js'
import { createChamberMap } from '../core/run-file/chamber-map.js'
import { type Lane, type LaneExtent, MessagesGoneError } from '../log/log.js'
import type { SinkTopic } from '../sinks/sink.js'
import { resultValue } from '../sinks/topic.js'
import type { FoldSettings } from './fold-settings.js'
import { type LaneCounts, NOTHING_COUNTED } from './lane-counts.js'
import type { LaneFeed } from './lane-feed.js'
import { type LaneStart, laneStart } from './lane-start.js'
import type { MalformedSample } from './malformed-samples.js'
import { OnePartition } from './one-partition.js'
import { SeveralPartitions } from './several-partitions.js'

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
  /** the topic has other partitions, which are other lanes */
  apart: boolean
  /** topic that gets the results in the lane's own transaction */
  commitTo: SinkTopic | undefined
  /** state is committed with each result; otherwise by `finish`, once the sinks have all results safe */
  commitEach: boolean
  /** each result is announced before it is written, so that it is the same if it has to be written again */
  announces: boolean
  /** hits are recorded */
  recordsHits: boolean
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
  /** gives the sinks of hits those of the result's rows; resolves when they have them, and the columns are used again */
  writeHits(result: Result, hits: HitColumns): Promise<void>
  /** told of each result that is committed as soon as it is written */
  onCommitted(times: CommitTimes): void
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
}

/** How long a result took. */
export interface CommitTimes {
  /** of the commit itself */
  commitMs: number
  /** since the oldest of its rows was appended, by the wall clock; undefined for a result without rows */
  ageMs: number | undefined
}

/** Works on one lane: reads it, folds it, sends a result an interval, commits. */
export class LaneRunner {
  /** how far the lane has come in the results so far; undefined for one that nobody has worked on */
  private state: LaneState | undefined
  private start: LaneStart
  private feed: LaneFeed | undefined
  private isStarted = false
  private nextMessage: number
  private intervalStart: number
  private dueAt: number
  private lastRowAt: number
  private uncommitted: LaneState | undefined
  private readonly recorder: HitRecorder | undefined
  private readonly counts: LaneCounts

  /** @param delivered the last result that the sinks were given by a worker which has died, maybe before it was committed */
  constructor(
    private readonly lane: Lane,
    private readonly options: LaneOptions,
    private readonly surroundings: LaneSurroundings,
    private readonly delivered?: Delivered,
  ) {
    this.recorder = options.recordsHits ? new HitRecorder(createChamberMap(options.run)) : undefined
    this.counts = { partition: lane.partition, positions: [], ...NOTHING_COUNTED }
    this.state = this.isAhead(delivered) ? delivered.state : lane.state
    this.start = this.findStart(lane.extents)
    this.nextMessage = this.start.nextMessage
    this.intervalStart = surroundings.wallNow()
    this.lastRowAt = surroundings.now()
    this.dueAt = this.lastRowAt + options.intervalMs
  }

  get status(): LaneCounts {
    return { ...this.counts, positions: this.feed?.positions ?? [] }
  }

  /**
   * Until `stop` aborts or the lane is lost; then sends what is left. Orbits still open stay for the next who reads.
   * @throws LaneLostError when somebody else holds the lane by now; nothing is committed then
   */
  async run(stop: AbortSignal): Promise<void> {
    const { lost } = this.lane
    const ending = AbortSignal.any([stop, lost])
    do await this.readUntil(ending)
    while (!ending.aborted)
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
  private async commitStart(feed: LaneFeed): Promise<void> {
    const { delivered, state } = this
    if (this.isStarted) return
    this.isStarted = true
    if (this.isAhead(delivered)) await this.commit(delivered)
    else if (!state) await this.commit({ state: feed.state(0) })
  }

  /** Until that aborts, or retention overtakes the lane: then the lane stands behind what is gone. */
  private async readUntil(ending: AbortSignal): Promise<void> {
    const feed = await this.openFeed()
    this.feed = feed
    // who waits for rows is woken, so that the end need not wait for an interval
    const wake = () => void feed.close()
    ending.addEventListener('abort', wake)
    try {
      await this.commitStart(feed)
      while (!ending.aborted) {
        await this.readOnce(feed)
        if (this.start.announced) await this.repeatIfRead(feed, this.start.announced)
        else await this.sendIfDue(feed)
      }
      if (!this.lane.lost.aborted) await this.send(feed)
    } catch (error) {
      if (!(error instanceof MessagesGoneError)) throw error
      await this.send(feed)
      this.start = this.findStart(this.keptAfter(error))
    } finally {
      ending.removeEventListener('abort', wake)
      await feed.close()
    }
  }

  private async readOnce(feed: LaneFeed): Promise<void> {
    const { surroundings, options } = this
    const idleAt = feed.fold.openOrbits > 0 ? this.lastRowAt + options.idleMs : Number.POSITIVE_INFINITY
    const came = await feed.read(Math.max(0, Math.min(this.dueAt, idleAt) - surroundings.now()))
    if (came) this.lastRowAt = surroundings.now()
  }

  private async sendIfDue(feed: LaneFeed): Promise<void> {
    const { fold } = feed
    const now = this.surroundings.now()
    const isDue = now >= this.dueAt
    const isFull = feed.isFull || this.recorder?.isFull
    const isIdle = fold.counting && fold.openOrbits > 0 && now >= this.lastRowAt + this.options.idleMs
    if (isIdle || isDue || isFull) await this.send(feed, isIdle)
    // while a result is sent nobody looks whether rows come
    this.lastRowAt += this.surroundings.now() - now
    if (isDue) this.dueAt = Math.max(this.dueAt + this.options.intervalMs, now)
  }

  /** Sends the interval's result; not before an announced one, which has to be whole. */
  private async send(feed: LaneFeed, isIdle = false): Promise<void> {
    if (!feed.fold.counting || this.start.announced) return
    feed.settle(isIdle)
    await this.sendUpToHere(feed, isIdle || feed.isOverfull)
  }

  /** The result that was announced before a crash, once its rows have been folded again. */
  private async repeatIfRead(feed: LaneFeed, { closing }: Announcement): Promise<void> {
    if (!feed.isAtAnnounced) return
    await this.sendUpToHere(feed, closing)
    this.start = { ...this.start, announced: undefined }
  }

  /** Sends what was counted, if there is anything to say, with the state to go on from. */
  private async sendUpToHere(feed: LaneFeed, closing: boolean): Promise<void> {
    const { surroundings, counts, recorder } = this
    const { fold } = feed
    if (closing) fold.closeIdle()
    fold.sweep()
    const now = surroundings.wallNow()
    if (feed.hasUnsent || !fold.tally.isEmpty) {
      if (this.options.announces && !this.start.announced) await this.announce({ ...feed.announcement(), closing })
      const result = this.takeResult(feed, now)
      const sent = { result, state: feed.state(this.nextMessage) }
      if (recorder) await surroundings.writeHits(result, recorder.take())
      await surroundings.deliver(sent)
      await this.commitTimed(sent, feed.oldestRowMs)
      feed.sent()
      counts.results++
      counts.late += result.rows.late
      counts.sent = addRowCounts(counts.sent, result.rows)
    }
    this.intervalStart = now
  }

  private async announce(announced: Announcement): Promise<void> {
    if (this.state) await this.lane.commit({ ...this.state, announced })
  }

  private takeResult(feed: LaneFeed, now: number): Result {
    const { options } = this
    const { fold } = feed
    return fold.tally.take({
      msg_ID: this.nextMessage++,
      worker: options.worker,
      interval: { start: new Date(this.intervalStart).toISOString(), end: new Date(now).toISOString() },
      source: feed.ranges(),
      geometry: options.geometry,
      run: fold.run,
    })
  }

  private async commitTimed(sent: Delivered, oldestRowMs: number | undefined): Promise<void> {
    const { surroundings, options } = this
    const began = surroundings.now()
    await this.commit(sent)
    if (!options.commitEach) return
    const ageMs = oldestRowMs === undefined ? undefined : Math.max(0, surroundings.wallNow() - oldestRowMs)
    surroundings.onCommitted({ commitMs: surroundings.now() - began, ageMs })
  }

  private async commit({ state, result }: { state: LaneState; result?: Result }): Promise<void> {
    const { commitTo, commitEach } = this.options
    if (!commitEach) this.uncommitted = state
    else if (!result || commitTo === undefined) await this.lane.commit(state)
    else await this.lane.commit(state, { topic: commitTo.name, values: [resultValue(result, commitTo)] })
    this.state = state
  }

  /** A partition's rows begin where retention has left them, others' where they did. */
  private keptAfter({ partition, firstKept }: MessagesGoneError): LaneExtent[] {
    return this.lane.extents.map((extent) =>
      extent.partition === partition ? { ...extent, startOffset: firstKept } : extent,
    )
  }

  private findStart(extents: readonly LaneExtent[]): LaneStart {
    const start = laneStart({ topic: this.lane.topic, extents }, this.state, this.options.begin)
    for (const warning of start.warnings) this.surroundings.onWarning(warning)
    return start
  }

  private async openFeed(): Promise<LaneFeed> {
    const { lane, start, options, surroundings, counts } = this
    const tell = { now: surroundings.now, onMalformed: surroundings.onMalformed, recorder: this.recorder }
    return lane.partitions.length > 1
      ? new SeveralPartitions(lane, start, { ...options, ...tell }, counts)
      : OnePartition.open(lane, start, { ...options, ...tell }, counts)
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { HitColumns } from '../../src/core/hits/hit-columns.js'
import type { LaneState } from '../../src/core/orbits/lane-state.js'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import {
  type Lane,
  type Log,
  MESSAGE_KIND,
  type MessageBatch,
  type PartitionReader,
  type TopicSpec,
} from '../../src/log/log.js'
import {
  type CommitTimes,
  type Delivered,
  type LaneOptions,
  LaneRunner,
  type LaneSurroundings,
} from '../../src/process/lane-runner.js'
import { readResults } from '../../src/sources/results/read-results.js'
import { outgoing } from '../log/messages.js'
import { temporaryFolder } from './temporary-folder.js'

export const START_MS = Date.UTC(2024, 0, 1)
export const GEOMETRY = geometryDigest(DEFAULT_RUN)

/** What happens while a lane is at work: when, on a clock that stands still while there are rows to read. */
export type Event = readonly [atMs: number, act: 'stop' | ((lane: Lane) => Promise<void>)]

/** What befalls a lane that is at work. */
interface Staging {
  /** in order; the last one stops the lane */
  events?: readonly Event[] | undefined
  /** called before every look for rows; what it throws is the end of the worker, in the middle of things */
  beforeRead?: ((stop: () => void) => void | Promise<void>) | undefined
  /** called before every commit; what it throws keeps it from being done */
  beforeCommit?: (() => void) | undefined
  /** called after every commit; what it throws makes the worker die without knowing that it was done */
  afterCommit?: (() => void) | undefined
  /** told what is committed */
  onState?: ((state: LaneState) => void) | undefined
}

export interface RunChanges extends Partial<LaneOptions>, Staging {
  group?: string
  /** what a worker before it had delivered */
  delivered?: Delivered | undefined
  /** where what it says goes */
  said?: Said
  /** sinks that are no topics */
  sinks?: Pick<LaneSurroundings, 'deliver' | 'writeHits'>
}

/** What a lane said while it was at work. */
export interface Said {
  warnings: string[]
  malformed: string[]
  delivered: Delivered[]
  hits: { result: Result; hits: HitColumns }[]
  committed: CommitTimes[]
}

export const nothingSaid = (): Said => ({ warnings: [], malformed: [], delivered: [], hits: [], committed: [] })

/** The columns are used again when they have been written. */
const copyOf = ({ length, run, orbit, chamber, cell, time }: HitColumns): HitColumns => ({
  length,
  ...{ run: run.slice(0, length), orbit: orbit.slice(0, length), time: time.slice(0, length) },
  ...{ chamber: chamber.slice(0, length), cell: cell.slice(0, length) },
})

/** `data_raw` in an embedded log of its own, one lane, whose rows are worked on by hand. */
export class LaneTopic {
  /** of everything, in ms */
  nowMs = 0

  private constructor(
    readonly folder: string,
    readonly log: Log,
    readonly partitions: number,
  ) {}

  /** Is closed and removed when the running test has finished. */
  static async make(spec: Partial<TopicSpec> = {}): Promise<LaneTopic> {
    const folder = await temporaryFolder()
    let topic: LaneTopic | undefined
    const log = await openEmbeddedLog(folder, { now: () => START_MS + (topic?.nowMs ?? 0) })
    onTestFinished(() => log.close())
    topic = new LaneTopic(folder, log, spec.partitions ?? 1)
    await log.createTopic({ name: 'data_raw', partitions: 1, ...spec })
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    return topic
  }

  /** One message a row, in one batch. */
  async append(...rows: string[]): Promise<void> {
    await this.log.append('data_raw', [outgoing(0, rows)])
  }

  /** The same, without a key, into any partition. */
  async appendTo(partition: number, ...rows: string[]): Promise<void> {
    await this.log.append('data_raw', [outgoing(partition, rows, { keyedByOrbit: false })])
  }

  async appendEndMark(partition = 0): Promise<void> {
    await this.log.append('data_raw', [outgoing(partition, [''], { kind: Uint8Array.of(MESSAGE_KIND.end) })])
  }

  /** A process that works on the lane as a member of its group, until an event stops it. */
  async run(changes: RunChanges = {}): Promise<Said> {
    const {
      group = 'dtstream',
      events,
      beforeRead,
      beforeCommit,
      afterCommit,
      onState,
      delivered,
      said = nothingSaid(),
      sinks,
      ...options
    } = changes
    const lanes: Lane[] = []
    const onLane = (lane: Lane) => void lanes.push(lane)
    const onWaiting = (message: string) => expect.fail(message)
    const member = await this.log.joinGroup({
      ...{ group, topic: 'data_raw', whole: this.partitions > 1, member: 'the test' },
      ...{ onLane, onWaiting },
    })
    const stop = new AbortController()
    const lane = this.staged(lanes[0], { events, beforeRead, beforeCommit, afterCommit, onState }, stop)
    try {
      const surroundings = { ...this.surroundings(said), ...sinks }
      const runner = new LaneRunner(lane, { ...this.defaults(group), ...options }, surroundings, delivered)
      await runner.run(stop.signal)
      await runner.finish()
      return said
    } finally {
      await member.leave()
    }
  }

  defaults(group: string): LaneOptions {
    return {
      ...{ run: DEFAULT_RUN, geometry: GEOMETRY, grace: 2048, orbitDetail: true },
      ...{ worker: `${group}/test/0`, intervalMs: 1000, idleMs: 5000, begin: 'beginning', strict: false },
      ...{ commitTo: { name: 'data_clean', maxMessageBytes: 8 * 1024 ** 2 }, commitEach: true, announces: false },
      ...{ recordsHits: false, apart: false },
    }
  }

  surroundings(said = nothingSaid()) {
    return {
      wallNow: () => START_MS + this.nowMs,
      now: () => this.nowMs,
      deliver: async (delivered: Delivered) => void said.delivered.push(delivered),
      writeHits: async (result: Result, hits: HitColumns) => void said.hits.push({ result, hits: copyOf(hits) }),
      onCommitted: (times: CommitTimes) => void said.committed.push(times),
      onMalformed: (samples: { where: string; text: string }[]) =>
        void said.malformed.push(...samples.map(({ where, text }) => `${where}: ${text}`)),
      onWarning: (text: string) => void said.warnings.push(text),
    }
  }

  /** All results on a topic, in order. */
  async results(topic = 'data_clean'): Promise<Result[]> {
    const results: Result[] = []
    const onForeign = ({ reason }: { reason: string }) => {
      throw new Error(reason)
    }
    for await (const result of readResults([`topic:${topic}`], { log: async () => this.log, onForeign }))
      results.push(result)
    return results
  }

  async committedOffset(group = 'dtstream'): Promise<number | undefined> {
    return (await this.log.groups('data_raw')).find((one) => one.group === group)?.lanes[0].nextOffset
  }

  private async look(reader: PartitionReader, before: () => void | Promise<void>): Promise<MessageBatch | undefined> {
    // looks for rows of one partition shall not keep those of another from their turn
    if (this.partitions > 1) await nextTurn()
    await before()
    return reader.next(0)
  }

  /** The lane, with readers for which waiting makes the clock go on, to the next event at most. */
  private staged(
    lane: Lane,
    { events = [[0, 'stop']], beforeRead, beforeCommit, afterCommit, onState }: Staging,
    stop: AbortController,
  ): Lane {
    const left = [...events]
    const empty = new Set<PartitionReader>()
    const looking = new Set<PartitionReader>()
    let isActing = false
    const next = async (reader: PartitionReader, waitMs: number) => {
      looking.add(reader)
      const batch = await this.look(reader, () => beforeRead?.(() => stop.abort())).finally(() =>
        looking.delete(reader),
      )
      if (batch) empty.delete(reader)
      else empty.add(reader)
      // the clock stands still while another partition is looked at that may have rows
      if (batch || stop.signal.aborted || isActing || [...looking].some((other) => !empty.has(other))) return batch
      const [atMs, act] = left[0] ?? expect.fail('nothing stops the lane')
      if (atMs > this.nowMs + waitMs) {
        this.nowMs += waitMs
        return undefined
      }
      left.shift()
      this.nowMs = Math.max(this.nowMs, atMs)
      if (act === 'stop') stop.abort()
      else {
        isActing = true
        await act(lane)
        isActing = false
      }
      empty.clear()
      return reader.next(0)
    }
    const { topic, partition, partitions, lease, state, extents, lost } = lane
    return {
      ...{ topic, partition, partitions, lease, state, extents, lost },
      close: () => lane.close(),
      async commit(...args) {
        beforeCommit?.()
        await lane.commit(...args)
        onState?.(args[0])
        afterCommit?.()
      },
      async reader(...place) {
        const reader = await lane.reader(...place)
        return { next: (waitMs) => next(reader, waitMs), close: () => reader.close() }
      },
    }
  }
}

/** Results added; none of them may repeat another. */
export function sumOf(results: readonly Result[]): Result {
  const sum = new ResultSum()
  for (const result of results) expect(sum.add(result), `result ${result.msg_ID}`).toBe('added')
  const total = sum.toResult('sum')
  if (!total) throw new Error('there are no results')
  return total
}

/** `[number, from, to, rows, orbits]` of each result. */
export function outline(results: readonly Result[]): number[][] {
  return results.map(({ msg_ID, source: [{ from, to }], rows, orbits }) => [msg_ID, from, to, rows.read, orbits.count])
}

/** A row with a hit in chamber 0. */
export function hit(orbit: number, channel = 7): string {
  return `2,0,${channel},${orbit},100,5`
}

import { hostname } from 'node:os'
import type { Result } from '../core/results/result.js'
import { ExpectedError } from '../errors.js'
import { ensureTopic } from '../log/default-topics.js'
import type { Log, TopicInfo } from '../log/log.js'
import type { Sink } from '../sinks/sink.js'
import type { LaneCounts, LaneOptions } from './lane-runner.js'
import type { MalformedSample } from './malformed-samples.js'
import { WorkerPool } from './worker-pool.js'

export interface ProcessOptions {
  log: Log
  logFolder: string
  topic: string
  group: string
  workers: number
  lane: Omit<LaneOptions, 'worker' | 'commitTo' | 'commitEach'>
  sinks: readonly Sink[]
  signal: AbortSignal
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
  /** told a few times a second */
  onStatus(status: ProcessStatus): void
  /** told when the threads are at work */
  onStarted?(pool: WorkerPool): void
}

export interface ProcessStatus {
  lanes: number
  read: number
  late: number
  malformed: number
  /** messages that are still to be read */
  lag: number
}

const STATUS_EVERY_MS = 500

/**
 * Works on a topic as a member of a group until the signal aborts: worker threads hold the lanes, results go to the sinks.
 * @throws ExpectedError where the run cannot go on; what was committed stays, and the next run goes on there
 */
export async function processTopic(options: ProcessOptions): Promise<ProcessStatus> {
  const topic = await ensureTopic(options.log, options.topic)
  refuseManyLanes(topic)
  const { commitTo, commitEach, others } = plan(options.sinks)
  const failure = new AbortController()
  const instance = `${options.group}/${hostname()}-${process.pid}`
  const pool = new WorkerPool(
    options.workers,
    (index) => ({
      logFolder: options.logFolder,
      index,
      delivers: others.length > 0,
      lane: { ...options.lane, worker: `${instance}/${index}`, commitTo, commitEach },
    }),
    {
      onResult: (result) => deliver(others, result),
      onMalformed: options.onMalformed,
      onWarning: options.onWarning,
      onRefused: (error) => failure.abort(error),
    },
  )
  options.onStarted?.(pool)
  const member = await options.log.joinGroup({
    group: options.group,
    topic: options.topic,
    member: `process ${process.pid} on ${hostname()}`,
    onLane: (lane) => pool.assign(lane),
    onWaiting: options.onWarning,
  })
  const status = async () => statusOf(pool.counts, await options.log.topic(options.topic))
  const timer = setInterval(() => status().then(options.onStatus, () => undefined), STATUS_EVERY_MS)
  try {
    await aborted(AbortSignal.any([options.signal, failure.signal]))
    if (failure.signal.aborted) throw failure.signal.reason
    await pool.flush()
    for (const sink of options.sinks) await sink.close()
    await pool.finish()
    return await status()
  } catch (error) {
    await pool.terminate()
    await Promise.all(options.sinks.map((sink) => sink.abort()))
    throw error
  } finally {
    clearInterval(timer)
    await member.leave()
  }
}

/** Which sink the lanes commit to themselves, and whether they must wait until files are whole. */
function plan(sinks: readonly Sink[]): { commitTo: string | undefined; commitEach: boolean; others: Sink[] } {
  const topics = sinks.filter((sink) => sink.durable === 'commit')
  if (topics.length > 1)
    throw new ExpectedError('results can be committed to one topic only', [
      'start a second process with a --group of its own for the other topic',
    ])
  const others = sinks.filter((sink) => sink.durable !== 'commit')
  const commitEach = topics.length === 1 || others.every((sink) => sink.durable === 'write')
  return { commitTo: topics[0]?.topic, commitEach, others }
}

async function deliver(sinks: readonly Sink[], result: Result): Promise<void> {
  await Promise.all(sinks.map((sink) => sink.write(result)))
}

/** Rows of an orbit may lie in any partition of such a topic, so its partitions cannot be folded apart. */
function refuseManyLanes({ name, keyedByOrbit, partitions }: TopicInfo): void {
  if (keyedByOrbit || partitions === 1) return
  throw new ExpectedError(
    `the rows of ${name} are not keyed by orbit, so its ${partitions} partitions cannot be processed apart`,
    [`replay the rows into a topic of their own: dtstream replay FILE --to topic:NAME`],
  )
}

function statusOf(lanes: readonly LaneCounts[], topic: TopicInfo | undefined): ProcessStatus {
  const status: ProcessStatus = { lanes: lanes.length, read: 0, late: 0, malformed: 0, lag: 0 }
  for (const { partition, position, read, late, malformed } of lanes) {
    status.read += read
    status.late += late
    status.malformed += malformed
    status.lag += Math.max(0, (topic?.offsets[partition].end ?? position) - position)
  }
  return status
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

import { hostname } from 'node:os'
import { ExpectedError } from '../errors.js'
import { ensureTopic } from '../log/default-topics.js'
import type { GroupMember, HeldLane, Log, PartitionOffsets, TopicInfo } from '../log/log.js'
import { abortAll, closeAll, writeAll } from '../sinks/several.js'
import type { Sink } from '../sinks/sink.js'
import { type Counted, NOTHING_COUNTED } from './lane-counts.js'
import type { CommitTimes, LaneOptions } from './lane-runner.js'
import type { MalformedSample } from './malformed-samples.js'
import { keyedCopy } from './not-keyed.js'
import { refuseForgotten } from './refuse-forgotten.js'
import type { HitsPlaces } from './thread-messages.js'
import { WorkerPool } from './worker-pool.js'

export interface ProcessOptions {
  log: Log
  topic: string
  group: string
  workers: number
  lane: Omit<LaneOptions, 'worker' | 'apart' | keyof LanePlan>
  /** are closed at the end, and given up where the run fails */
  sinks: readonly Sink[]
  /** where hits go; the worker threads open these themselves */
  hitsTo?: HitsPlaces | undefined
  signal: AbortSignal
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
  /** told of each result that is committed as soon as it is written */
  onCommitted?: ((times: CommitTimes) => void) | undefined
  /** told a few times a second */
  onStatus(status: ProcessStatus): void
  /** told when the threads are at work */
  onStarted?(pool: WorkerPool): void
}

export interface ProcessStatus extends Counted {
  lanes: number
  workers: number
  /** worker threads that died and were replaced */
  restarts: number
  /** messages that are still to be read */
  lag: number
}

/** Before anything was looked at. */
export const NOT_STARTED: ProcessStatus = { ...NOTHING_COUNTED, lanes: 0, workers: 0, restarts: 0, lag: 0 }

const STATUS_EVERY_MS = 500

/**
 * Works on a topic as a member of a group until the signal aborts: worker threads hold the lanes, results go to the sinks.
 * @throws ExpectedError where the run cannot go on; what was committed stays, and the next run goes on there
 */
export async function processTopic(options: ProcessOptions): Promise<ProcessStatus> {
  try {
    const topic = await ensureTopic(options.log, options.topic)
    const plan = planFor(options)
    const { commitTo } = plan.lane
    if (commitTo) await refuseForgotten(options.log, topic.name, options.group, commitTo.name)
    return await work(options, topic, plan)
  } catch (error) {
    await abortAll(options.sinks)
    throw error
  }
}

async function work(options: ProcessOptions, topic: TopicInfo, plan: Plan): Promise<ProcessStatus> {
  let member: GroupMember | undefined
  const pool = startPool(options, topic, plan, (lane, why) => member?.giveBack(lane, why))
  const status = async () => statusOf(pool, (await options.log.offsets(options.topic)) ?? [])
  const timer = setInterval(() => status().then(options.onStatus, () => undefined), STATUS_EVERY_MS)
  try {
    options.onStarted?.(pool)
    member = await join(options, topic, pool)
    await Promise.race([aborted(options.signal), pool.failed, member.failed])
    await Promise.race([pool.flush(), pool.failed])
    await closeAll(options.sinks)
    await finish(options, plan, pool)
    return await status()
  } finally {
    clearInterval(timer)
    await pool.end()
    await member?.leave()
  }
}

function startPool(
  options: ProcessOptions,
  topic: TopicInfo,
  { lane: plan, others }: Plan,
  onLost: (lane: HeldLane, why: string) => void,
): WorkerPool {
  const { log, group, lane, hitsTo, onMalformed, onWarning, onCommitted = () => undefined } = options
  const apart = topic.partitions > 1 && !isWhole(topic)
  const instance = `${group}/${hostname()}-${process.pid}`
  return new WorkerPool(
    workersFor(topic, options),
    (index) => ({
      log: log.place,
      delivers: others.length > 0,
      hitsTo,
      lane: { ...lane, apart, worker: `${instance}/${index}`, ...plan },
    }),
    { onResult: (result) => writeAll(others, result), onLost, onCommitted, onMalformed, onWarning },
  )
}

async function finish({ onWarning }: ProcessOptions, { lane: { commitEach } }: Plan, pool: WorkerPool): Promise<void> {
  try {
    await Promise.race([pool.finish(), pool.failed])
  } catch (error) {
    if (!commitEach) onWarning('the results are written, but could not be committed: the next run sends them again')
    throw error
  }
}

function join({ log, group, onWarning }: ProcessOptions, topic: TopicInfo, pool: WorkerPool): Promise<GroupMember> {
  return log.joinGroup({
    group,
    topic: topic.name,
    whole: isWhole(topic),
    member: `process ${process.pid} on ${hostname()}`,
    onLane: (lane) => pool.assign(lane),
    onWaiting: onWarning,
  })
}

/** What the sinks make of the lanes. */
type LanePlan = Pick<LaneOptions, 'commitTo' | 'commitEach' | 'announces' | 'recordsHits'>

interface Plan {
  lane: LanePlan
  /** sinks that the main thread writes to */
  others: readonly Sink[]
}

function planFor({ sinks, hitsTo }: ProcessOptions): Plan {
  const topics = sinks.filter((sink) => sink.durable === 'commit')
  if (topics.length > 1)
    throw new ExpectedError('results can be committed to one topic only', [
      'start a second process with a --group of its own for the other topic',
    ])
  const others = sinks.filter((sink) => sink.durable !== 'commit')
  const recordsHits = hitsTo !== undefined
  const announces = recordsHits || others.some((sink) => sink.idempotent)
  const commitEach = topics.length === 1 || announces || others.every((sink) => sink.durable === 'write')
  return { lane: { commitTo: topics[0]?.topic, commitEach, announces, recordsHits }, others }
}

/** Rows of an orbit may lie in any partition of such a topic, so its partitions cannot be folded apart. */
function isWhole({ keyedByOrbit, partitions }: TopicInfo): boolean {
  return !keyedByOrbit && partitions > 1
}

/** How many workers have something to do. */
function workersFor(topic: TopicInfo, { workers, onWarning }: ProcessOptions): number {
  if (!isWhole(topic) || workers === 1) return workers
  onWarning(
    `the rows of ${topic.name} are not keyed by orbit, so its ${topic.partitions} partitions are one lane, and one worker folds it; ` +
      `the others would have nothing to do. ${keyedCopy(topic.name)}`,
  )
  return 1
}

function statusOf(
  { lanes, counted, threads, restarts }: WorkerPool,
  offsets: readonly PartitionOffsets[],
): ProcessStatus {
  const end = (partition: number) => offsets[partition]?.end ?? 0
  const positions = lanes.flatMap((lane) => lane.positions)
  const lag = positions.reduce((sum, { partition, offset }) => sum + Math.max(0, end(partition) - offset), 0)
  return { ...counted, lanes: lanes.length, workers: threads.length, restarts, lag }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

import type { Result } from '../core/results/result.js'
import { groupOf, sparkPartOf } from '../core/results/worker-name.js'
import { ExpectedError } from '../errors.js'
import type { Log, TopicInfo } from '../log/log.js'
import type { FoldSettings } from '../process/fold-settings.js'
import type { ChainEnds } from './chain.js'
import { auditJob } from './job/audit-job.js'
import { isJobExact, type JobAudit } from './job/job-audit.js'
import { auditLane, isExact, type LaneAudit } from './lane-audit.js'

export interface AuditOptions {
  log: Log
  /** topic of the rows */
  raw: string
  /** topic of the results */
  clean: string
  group: string
  /** the results that `clean` holds, in the order in which they were sent */
  results: AsyncIterable<Result>
  settings: FoldSettings
  signal: AbortSignal
  onProgress(rows: number): void
}

export interface Audit {
  verdict: 'exact' | 'different'
  results: number
  /** as of a lane */
  unchecked: number
  unkept: number
  /** in the results that were computed again */
  rows: number
  late: number
  /** messages that no result covers yet */
  pending: number
  lanes: LaneAudit[]
  /** where the group is of Spark jobs, which have no lanes */
  job?: JobAudit
}

/**
 * Recomputes every result of a group from the rows that it says it covers, and compares count for count; looks also for
 * gaps and overlaps in the chains of results, and for state that was committed without its result. It may run while
 * rows are processed. Gives undefined when the signal aborts.
 * @throws ExpectedError where there is no such topic, or results were made with another run file
 */
export async function audit(options: AuditOptions): Promise<Audit | undefined> {
  const { signal, onProgress } = options
  // in this order: what is committed, its results, their rows; so none can be missing for being too new
  const ends = await chainEnds(options)
  const { byLane, ofJob } = await resultsOf(options)
  const raw = await topicOf(options.log, options.raw)
  if (ofJob.length > 0) {
    if (byLane.size > 0) throw countedTwice(`by lanes, and others by a Spark job`, raw.name)
    const trimmed = await isTrimmed(options)
    const job = await auditJob({ ...options, raw }, { results: ofJob, trimmed }, onProgress)
    return job && jobSummary(job)
  }
  const lanes: LaneAudit[] = []
  let rows = 0
  for (const { partitions, results } of lanesOf(raw, byLane)) {
    const before = rows
    const sent = { partitions, results, ends: ends(raw, partitions) }
    const lane = await auditLane({ ...options, raw }, sent, (count) => onProgress(before + count))
    rows += lane.rows
    lanes.push(lane)
    if (signal.aborted) return undefined
  }
  return summary(lanes)
}

async function chainEnds({ log, raw, clean, group }: AuditOptions) {
  const groups = await log.groups((await topicOf(log, raw)).name)
  const committed = groups.find((one) => one.group === group)?.lanes ?? []
  const trimmed = await isTrimmed({ log, clean })
  return ({ offsets }: TopicInfo, partitions: readonly number[]): ChainEnds => {
    const lanes = partitions.flatMap((partition) => committed.find((lane) => lane.partition === partition) ?? [])
    const nextOffsets = lanes.map(({ nextOffset }) => nextOffset)
    return {
      starts: partitions.map((partition) => offsets[partition].start),
      // a lane commits all its partitions at once
      committed: lanes.length === partitions.length ? { nextOffsets, nextMessage: lanes[0].nextMessage } : undefined,
      trimmed,
    }
  }
}

/** Whether retention has deleted results. */
async function isTrimmed({ log, clean }: Pick<AuditOptions, 'log' | 'clean'>): Promise<boolean> {
  return (await topicOf(log, clean)).offsets.some(({ start }) => start > 0)
}

/** By the partitions of each lane, in words. */
type ResultsByLane = Map<string, { partitions: number[]; results: Result[] }>

/** Those that have sent results; each other partition is a lane without any. */
function lanesOf({ partitions, name }: TopicInfo, byLane: ResultsByLane) {
  const lanes = [...byLane.values()].filter((lane) => lane.partitions.every((partition) => partition < partitions))
  const known = lanes.flatMap((lane) => lane.partitions)
  if (known.length > new Set(known).size)
    throw countedTwice('with its partitions apart, and others with them as one lane', name)
  const others = Array.from({ length: partitions }, (_, partition) => partition).filter((one) => !known.includes(one))
  return [...lanes, ...others.map((partition) => ({ partitions: [partition], results: [] }))].sort(
    (a, b) => a.partitions[0] - b.partitions[0],
  )
}

async function resultsOf(options: AuditOptions): Promise<{ byLane: ResultsByLane; ofJob: Result[] }> {
  const { raw, group, results, settings, signal } = options
  const byLane: ResultsByLane = new Map()
  const ofJob: Result[] = []
  for await (const result of results) {
    if (signal.aborted) break
    const isOfJob = isOfSparkJob(result, raw)
    const partitions = isOfJob ? [] : laneOf(result, raw)
    if (!partitions || groupOf(result) !== group) continue
    if (result.geometry !== settings.geometry) throw otherGeometry(result, settings)
    if (isOfJob) ofJob.push(result)
    else {
      const lane = byLane.get(partitions.join()) ?? { partitions, results: [] }
      lane.results.push(result)
      byLane.set(partitions.join(), lane)
    }
  }
  return { byLane, ofJob }
}

/** Of rows or of a window of this topic. */
function isOfSparkJob(result: Result, raw: string): boolean {
  const part = sparkPartOf(result)
  const [range, ...others] = result.source
  if (!part || others.length > 0 || range === undefined || 'name' in range || range.topic !== raw) return false
  return part === 'rows' ? 'partition' in range : 'since' in range
}

/** The partitions of the lane that has sent the result. What has no lane: a sum, a result of files or of another topic. */
function laneOf({ source }: Result, raw: string): number[] | undefined {
  const partitions = source.flatMap((range) => ('partition' in range && range.topic === raw ? [range.partition] : []))
  const isOfOneLane = source.length === 1 || source.every((range) => 'partition' in range && range.rounds)
  return partitions.length > 0 && partitions.length === source.length && isOfOneLane ? partitions : undefined
}

async function topicOf(log: Log, name: string): Promise<TopicInfo> {
  const topic = await log.topic(name)
  if (topic) return topic
  throw new ExpectedError(`there is no topic ${name} in ${log.name}`, ['dtstream topics list shows those there are'])
}

function otherGeometry(result: Result, { geometry }: FoldSettings): ExpectedError {
  const [range] = result.source
  const place = 'partition' in range ? `result ${result.msg_ID} of lane ${range.partition}` : `window ${result.msg_ID}`
  return new ExpectedError(
    `${place} was made with another run file: its digest is ${result.geometry}, not ${geometry}`,
    ['--run names the run file that the results were made with'],
  )
}

function countedTwice(how: string, topic: string): ExpectedError {
  return new ExpectedError(`there are results of ${topic} ${how}`, [
    'they count rows twice: only those of one group and one way can be right',
  ])
}

function jobSummary(job: JobAudit): Audit {
  const { results, unchecked, rows, pending } = job
  const verdict = isJobExact(job) ? 'exact' : 'different'
  return { verdict, results, unchecked, unkept: 0, rows, late: 0, pending, lanes: [], job }
}

function summary(lanes: LaneAudit[]): Audit {
  const total = (of: (lane: LaneAudit) => number) => lanes.reduce((sum, lane) => sum + of(lane), 0)
  return {
    verdict: lanes.every(isExact) ? 'exact' : 'different',
    results: total((lane) => lane.results),
    unchecked: total((lane) => lane.unchecked),
    unkept: total((lane) => lane.unkept),
    rows: total((lane) => lane.rows),
    late: total((lane) => lane.late),
    pending: total((lane) => lane.pending),
    lanes,
  }
}

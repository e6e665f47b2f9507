import type { Result, TopicRange } from '../core/results/result.js'
import { ExpectedError } from '../errors.js'
import type { Log, TopicInfo } from '../log/log.js'
import type { FoldSettings } from '../process/fold-settings.js'
import { type ChainEnds, rangeOf } from './chain.js'
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
  const byPartition = await resultsByPartition(options)
  const raw = await topicOf(options.log, options.raw)
  const lanes: LaneAudit[] = []
  let rows = 0
  for (let partition = 0; partition < raw.partitions; partition++) {
    const before = rows
    const sent = { partition, results: byPartition.get(partition) ?? [], ends: ends(raw, partition) }
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
  const trimmed = (await topicOf(log, clean)).offsets.some(({ start }) => start > 0)
  return ({ offsets }: TopicInfo, partition: number): ChainEnds => ({
    start: offsets[partition].start,
    committed: committed.find((lane) => lane.partition === partition),
    trimmed,
  })
}

async function resultsByPartition(options: AuditOptions): Promise<Map<number, Result[]>> {
  const { raw, group, results, settings, signal } = options
  const byPartition = new Map<number, Result[]>()
  for await (const result of results) {
    if (signal.aborted) break
    const { topic, partition } = laneOf(result)
    if (topic !== raw || partition === undefined || groupOf(result) !== group) continue
    if (result.geometry !== settings.geometry) throw otherGeometry(result, settings)
    const lane = byPartition.get(partition) ?? []
    lane.push(result)
    byPartition.set(partition, lane)
  }
  return byPartition
}

/** What has no lane: a sum, or a result of files. */
function laneOf({ source: [range] }: Result): Partial<TopicRange> {
  return range && 'topic' in range ? range : {}
}

/** A worker is named by group, instance and index, and a group's name may have slashes itself. */
function groupOf({ worker }: Result): string {
  return worker.split('/').slice(0, -2).join('/')
}

async function topicOf(log: Log, name: string): Promise<TopicInfo> {
  const topic = await log.topic(name)
  if (topic) return topic
  throw new ExpectedError(`there is no topic ${name} in ${log.name}`, ['dtstream topics list shows those there are'])
}

function otherGeometry(result: Result, { geometry }: FoldSettings): ExpectedError {
  const place = `result ${result.msg_ID} of lane ${rangeOf(result).partition}`
  return new ExpectedError(
    `${place} was made with another run file: its digest is ${result.geometry}, not ${geometry}`,
    ['--run names the run file that the results were made with'],
  )
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

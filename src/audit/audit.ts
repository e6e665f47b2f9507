import { compareCounts, type Difference } from '../core/results/compare.js'
import type { Result, TopicRange } from '../core/results/result.js'
import type { Log, TopicInfo } from '../log/log.js'
import type { FoldSettings } from '../process/fold-settings.js'
import { type Break, chainOf } from './chain.js'
import { recomputeLane } from './recompute.js'

export interface AuditOptions {
  log: Log
  raw: TopicInfo
  group: string
  /** results of the group from the audited topic, in the order in which they were sent */
  results: AsyncIterable<Result>
  settings: FoldSettings
  signal: AbortSignal
  onProgress(rows: number): void
}

export interface LaneAudit {
  partition: number
  results: number
  rows: number
  /** what repeats, misses or overlaps in the chain of results */
  breaks: Break[]
  differences: (Difference & { msg_ID: number })[]
  /** counts that differ beyond those listed */
  moreDifferences: number
  /** messages in the topic that no result covers yet */
  pending: number
  /** hits and scintillator signals whose orbit had been closed when they came */
  late: number
}

export interface Audit {
  verdict: 'exact' | 'different'
  results: number
  rows: number
  late: number
  pending: number
  lanes: LaneAudit[]
}

const MOST_DIFFERENCES = 20

/**
 * Recomputes every result of a group from the rows that it says it covers, and compares count for count; looks also for
 * gaps and overlaps in the chains of results, and for state that was committed without its result.
 */
export async function audit(options: AuditOptions): Promise<Audit> {
  const byPartition = await resultsByPartition(options)
  const groups = await options.log.groups(options.raw.name)
  const committed = groups.find(({ group }) => group === options.group)?.lanes ?? []
  const lanes: LaneAudit[] = []
  for (const [partition, results] of byPartition) {
    const lane = await auditLane(options, partition, results, (rows) =>
      options.onProgress(rows + lanes.reduce((sum, done) => sum + done.rows, 0)),
    )
    const nextOffset = committed.find((state) => state.partition === partition)?.nextOffset
    const lastTo = results.length === 0 ? undefined : rangeOf(results[results.length - 1]).to
    if (nextOffset !== undefined && lastTo !== undefined && nextOffset > lastTo)
      lane.breaks.push({ kind: 'gap', from: lastTo, to: nextOffset, msg_ID: results.length })
    lanes.push(lane)
  }
  return summary(lanes)
}

async function resultsByPartition({ raw, group, results }: AuditOptions): Promise<Map<number, Result[]>> {
  const byPartition = new Map<number, Result[]>()
  for (let partition = 0; partition < raw.partitions; partition++) byPartition.set(partition, [])
  for await (const result of results) {
    const [range] = result.source
    if (!range || !('topic' in range) || range.topic !== raw.name || !result.worker.startsWith(`${group}/`)) continue
    byPartition.get(range.partition)?.push(result)
  }
  return byPartition
}

async function auditLane(
  options: AuditOptions,
  partition: number,
  sent: readonly Result[],
  onProgress: (rows: number) => void,
): Promise<LaneAudit> {
  const { raw } = options
  const { start, end } = raw.offsets[partition]
  const { results, breaks } = chainOf(sent, start)
  const lane: LaneAudit = {
    partition,
    results: results.length,
    rows: 0,
    breaks,
    differences: [],
    moreDifferences: 0,
    pending: end - (results.length === 0 ? start : rangeOf(results[results.length - 1]).to),
    late: 0,
  }
  for await (const { expected, found } of recomputeLane(options, partition, results)) {
    const differences = compareCounts(expected, found).map((one) => ({ ...one, msg_ID: found.msg_ID }))
    const room = MOST_DIFFERENCES - lane.differences.length
    lane.differences.push(...differences.slice(0, room))
    lane.moreDifferences += Math.max(0, differences.length - room)
    lane.rows += expected.rows.read
    lane.late += expected.rows.late
    onProgress(lane.rows)
  }
  return lane
}

export function rangeOf({ source }: Result): TopicRange {
  return source[0] as TopicRange
}

function summary(lanes: LaneAudit[]): Audit {
  const total = (of: (lane: LaneAudit) => number) => lanes.reduce((sum, lane) => sum + of(lane), 0)
  const exact = lanes.every(
    ({ breaks, differences }) => differences.length === 0 && breaks.every(({ kind }) => kind === 'repeated'),
  )
  return {
    verdict: exact ? 'exact' : 'different',
    results: total((lane) => lane.results),
    rows: total((lane) => lane.rows),
    late: total((lane) => lane.late),
    pending: total((lane) => lane.pending),
    lanes,
  }
}

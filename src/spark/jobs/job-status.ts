import type { QueryProgress } from '../connect/progress.js'

/** How a job is doing, as far as its queries' reports that were seen say. */
export interface JobStatus {
  /** messages that the query of windows took in */
  read: number
  /** results of windows that were sent */
  windows: number
  /** messages that it has still to read; undefined where its last report does not say */
  lag: number | undefined
  /** its last micro-batch */
  batch: { id: number; rows: number; durationMs: number } | undefined
  /** orbits that Spark dropped because their windows had closed */
  dropped: number
  /** times that the queries were started again because the server or the way to it was lost */
  restarts: number
}

export const NOTHING_DONE: JobStatus = {
  read: 0,
  windows: 0,
  lag: undefined,
  batch: undefined,
  dropped: 0,
  restarts: 0,
}

/** The status after a report of the query of windows. */
export function afterReport(status: JobStatus, report: QueryProgress): JobStatus {
  const { batchId, numInputRows, durationMs, stateOperators, sink } = report
  return {
    ...status,
    read: status.read + numInputRows,
    windows: status.windows + (sink.numOutputRows ?? 0),
    lag: lagOf(report),
    batch: { id: batchId, rows: numInputRows, durationMs: durationMs.triggerExecution ?? 0 },
    dropped: status.dropped + stateOperators.reduce((sum, one) => sum + one.numRowsDroppedByWatermark, 0),
  }
}

/** Of all sources, one a partition; a batch that is done again after a restart does not say what there is. */
function lagOf({ sources }: QueryProgress): number | undefined {
  if (sources.some(({ latestOffset }) => latestOffset === null)) return undefined
  return sources.reduce((sum, { latestOffset, endOffset }) => sum + total(latestOffset) - total(endOffset), 0)
}

/** The sum of the offsets in `{topic: {partition: offset}}`. */
function total(offsets: unknown): number {
  if (typeof offsets === 'number') return offsets
  if (typeof offsets !== 'object' || offsets === null) return 0
  return Object.values(offsets).reduce((sum: number, inner) => sum + total(inner), 0)
}

import { cpuSecondsAt, type Usage } from './process-usage.js'

/** Rows that were done at once: a micro-batch of Spark, or a result of ours in Node. */
export interface Batch {
  rows: number
  /** ms since 1970 */
  endedMs: number
}

/** Of rows that were worked on when everything was running. */
export interface WarmFigures {
  rowsPerSecond: number
  cpuUsPerRow: number
}

/** Leaves out the batches that brought the first third of the rows, and takes the time from the end of the last of them. */
export function warmFigures(batches: readonly Batch[], usage: readonly Usage[]): WarmFigures {
  const inOrder = batches.filter(({ rows }) => rows > 0).sort((a, b) => a.endedMs - b.endedMs)
  const total = sumOf(inOrder)
  let cold = 0
  for (let rows = 0; rows < total / 3; cold++) rows += inOrder[cold].rows
  const rows = sumOf(inOrder.slice(cold))
  const [beganMs, endedMs] = [inOrder[cold - 1], inOrder[inOrder.length - 1]].map((batch) => batch.endedMs)
  const cpuSeconds = cpuSecondsAt(usage, endedMs) - cpuSecondsAt(usage, beganMs)
  return { rowsPerSecond: rows / ((endedMs - beganMs) / 1000), cpuUsPerRow: (cpuSeconds * 1e6) / rows }
}

function sumOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { rows }) => sum + rows, 0)
}

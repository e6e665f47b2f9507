/** One report of a streaming query, a micro-batch a report while rows come. */
export interface QueryProgress {
  /** of the run: another one after a restart */
  runId: string
  name: string
  batchId: number
  /** when the batch began, ms since 1970 */
  startedMs: number
  /** by step, `triggerExecution` for all of it, ms */
  durationMs: Record<string, number>
  /** of the event time, ms since 1970; undefined where the query has no watermark, or none yet */
  watermarkMs: number | undefined
  /** of all sources */
  numInputRows: number
  /** rows a second, of all sources; undefined where Spark cannot say */
  inputRowsPerSecond: number | undefined
  processedRowsPerSecond: number | undefined
  stateOperators: StateProgress[]
  sources: SourceProgress[]
  sink: { description: string; numOutputRows: number | undefined }
}

/** Of what a stateful operator keeps between micro-batches. */
export interface StateProgress {
  operatorName: string
  numRowsTotal: number
  numRowsUpdated: number
  /** in this batch: rows that came after their window had closed */
  numRowsDroppedByWatermark: number
  memoryUsedBytes: number
}

/** Offsets are as the source has them: of Kafka `{topic: {partition: offset}}`; null before its first. */
export interface SourceProgress {
  description: string
  startOffset: unknown
  endOffset: unknown
  latestOffset: unknown
  numInputRows: number
}

/** As Spark writes a report; figures that are no numbers are left out. */
interface Report {
  runId: string
  name?: string
  batchId: number
  timestamp: string
  durationMs?: Record<string, number>
  eventTime?: { watermark?: string }
  stateOperators?: Partial<StateProgress>[]
  sources?: (Partial<SourceProgress> & { inputRowsPerSecond?: number; processedRowsPerSecond?: number })[]
  sink?: { description?: string; numOutputRows?: number }
}

/** @param json a report as `recentProgress` of Spark gives it */
export function parseProgress(json: string): QueryProgress {
  const { runId, name = '', batchId, timestamp, durationMs = {}, eventTime, ...of } = JSON.parse(json) as Report
  const { stateOperators = [], sources = [], sink = {} } = of
  return {
    ...{ runId, name, batchId, durationMs },
    startedMs: Date.parse(timestamp),
    watermarkMs: watermarkOf(eventTime?.watermark),
    numInputRows: sources.reduce((sum, { numInputRows = 0 }) => sum + numInputRows, 0),
    inputRowsPerSecond: sumOf(sources.map((source) => source.inputRowsPerSecond)),
    processedRowsPerSecond: sumOf(sources.map((source) => source.processedRowsPerSecond)),
    stateOperators: stateOperators.map(stateOf),
    sources: sources.map(sourceOf),
    sink: { description: sink.description ?? '', numOutputRows: outputOf(sink.numOutputRows) },
  }
}

/** Before the first event Spark gives the year 1970. */
function watermarkOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? 0 : Date.parse(text)
  return ms === 0 ? undefined : ms
}

/** Sinks that do not count say -1. */
function outputOf(rows = -1): number | undefined {
  return rows < 0 ? undefined : rows
}

function sumOf(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
}

function stateOf({
  operatorName = '',
  numRowsTotal = 0,
  numRowsUpdated = 0,
  numRowsDroppedByWatermark = 0,
  memoryUsedBytes = 0,
}: Partial<StateProgress>): StateProgress {
  return { operatorName, numRowsTotal, numRowsUpdated, numRowsDroppedByWatermark, memoryUsedBytes }
}

function sourceOf({
  description = '',
  startOffset,
  endOffset,
  latestOffset,
  numInputRows = 0,
}: Partial<SourceProgress>): SourceProgress {
  const [start, end, latest] = [startOffset, endOffset, latestOffset].map(offsetOf)
  return { description, startOffset: start, endOffset: end, latestOffset: latest, numInputRows }
}

/** Offsets come as text, with JSON in it where they are more than a number. */
function offsetOf(offset: unknown = null): unknown {
  return typeof offset === 'string' && /^[{[]/.test(offset) ? JSON.parse(offset) : offset
}

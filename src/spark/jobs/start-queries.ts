import { NS_PER_ORBIT } from '../../core/run-file/run-file.js'
import { readStream, sql, withWatermark } from '../connect/relations.js'
import type { SparkSession } from '../connect/session.js'
import type { StreamingQuery } from '../connect/streaming-query.js'
import type { KafkaOptions } from '../kafka-options.js'
import { hitsOfMessages, type JobPlan, readResults, rowsOfMessages, windowStatements } from '../sql/job-statements.js'
import { queryFolder } from './checkpoint.js'

export interface QueriesOptions {
  plan: JobPlan
  kafka: KafkaOptions
  resultsTo: { name: string; maxMessageBytes: number }
  checkpoint: string
  /** rows that a micro-batch of windows takes at most, about */
  batchRows: number
  /** partitions that had their end mark before the job was started again */
  ended: ReadonlySet<number>
}

/** Both queries of a job. */
export interface JobQueries {
  windows: StreamingQuery
  rows: StreamingQuery
}

/** What was read is told so often at most, as each time takes cores away from the windows. */
const ROWS_TRIGGER = '5 seconds'
/** Rows are only counted there, so that a micro-batch can have more of them. */
const ROWS_PER_BATCH = 1_000_000
/** A clock may be set back; only batches within this time are kept in the state. */
const BATCHES_KEPT = '10 minutes'
const NS_PER_MS = 1e6

/** Starts a job's queries, from their checkpoints where there are some. */
export async function startQueries(session: SparkSession, options: QueriesOptions): Promise<JobQueries> {
  await createViews(session, options)
  const rows = await start(session, options, 'rows')
  try {
    return { rows, windows: await start(session, options, 'windows') }
  } catch (error) {
    await rows.stop()
    throw error
  }
}

async function createViews(session: SparkSession, { plan, kafka, batchRows, ended }: QueriesOptions): Promise<void> {
  const partitions = plan.since.map((_, partition) => partition)
  for (const partition of partitions) {
    await session.createView(`raw_${partition}`, source(plan, kafka, [partition], batchRows / partitions.length))
    await session.createView(`hits_${partition}`, sql(hitsOfMessages(`raw_${partition}`, plan)))
  }
  const clocks = clocksOf(partitions, ended)
  for (const [clock, of] of clocks.entries())
    await session.createView(`hits_by_${clock}`, withWatermark(sql(unionOf('hits', of)), 'time', delayOf(plan)))
  await session.createView('hits', sql(unionOf('hits_by', clocks.keys())))
  for (const [view, statement] of windowStatements(plan)) await session.createView(view, sql(statement))
  await session.createView('raw', source(plan, kafka, partitions, ROWS_PER_BATCH))
  await session.createView('rows', withWatermark(sql(rowsOfMessages('raw', plan)), 'batch', BATCHES_KEPT))
}

/**
 * The partitions that have a watermark in common. Spark goes by the slowest watermark, so there is one for each partition. Where
 * a job was started again, Spark has forgotten them, and would wait for ever for one that has ended: such a
 * partition goes with a neighbour that has not.
 */
export function clocksOf(partitions: readonly number[], ended: ReadonlySet<number>): number[][] {
  const clocks: number[][] = [[]]
  let hasOpen = false
  for (const partition of partitions) {
    const isOpen = !ended.has(partition)
    if (isOpen && hasOpen) clocks.push([])
    clocks[clocks.length - 1].push(partition)
    hasOpen ||= isOpen
  }
  return clocks
}

function unionOf(view: string, numbers: Iterable<number>): string {
  return [...numbers].map((number) => `SELECT * FROM ${view}_${number}`).join(' UNION ALL ')
}

function source(
  { topic, since, rowsPerMessage }: JobPlan,
  kafka: KafkaOptions,
  partitions: readonly number[],
  mostRows: number,
) {
  const startingOffsets = Object.fromEntries(partitions.map((partition) => [partition, since[partition]]))
  return readStream({
    format: 'kafka',
    options: {
      ...kafka,
      // rows of a replay that was killed are sent once more
      'kafka.isolation.level': 'read_committed',
      assign: JSON.stringify({ [topic]: partitions }),
      startingOffsets: JSON.stringify({ [topic]: startingOffsets }),
      maxOffsetsPerTrigger: String(Math.max(1, Math.floor(mostRows / rowsPerMessage))),
      includeHeaders: 'true',
      failOnDataLoss: 'true',
    },
  })
}

function delayOf({ grace }: JobPlan): string {
  return `${Math.ceil((grace * NS_PER_ORBIT) / NS_PER_MS)} milliseconds`
}

function start(session: SparkSession, options: QueriesOptions, query: keyof JobQueries): Promise<StreamingQuery> {
  const { plan, kafka, resultsTo, checkpoint } = options
  const isRows = query === 'rows'
  return session.startStream({
    input: sql(isRows ? readResults(plan) : 'SELECT * FROM results'),
    format: 'kafka',
    outputMode: isRows ? 'update' : 'append',
    queryName: `dtstream ${plan.group} ${query}`,
    ...(isRows ? { processingTimeInterval: ROWS_TRIGGER } : {}),
    options: {
      ...kafka,
      topic: resultsTo.name,
      'kafka.max.request.size': String(Math.max(1_048_576, resultsTo.maxMessageBytes)),
      checkpointLocation: queryFolder(checkpoint, query),
    },
  })
}

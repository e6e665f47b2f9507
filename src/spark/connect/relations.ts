import type { DataSource, Relation } from './messages.js'

/** The outcome of a query; it may name views of the session. */
export function sql(query: string): Relation {
  return { sql: { query } }
}

/** What a data source holds now. */
export function read(dataSource: DataSource): Relation {
  return { read: { dataSource, isStreaming: false } }
}

/** What a data source holds and will hold. */
export function readStream(dataSource: DataSource): Relation {
  return { read: { dataSource, isStreaming: true } }
}

/**
 * A stream with a watermark: what is older than the latest event by more than the delay counts as late.
 * @param delay as an interval of SQL: `200 milliseconds`
 */
export function withWatermark(input: Relation, column: string, delay: string): Relation {
  return { withWatermark: { input, eventTime: column, delayThreshold: delay } }
}

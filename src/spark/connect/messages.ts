/** What is read, as Spark's protocol says it: made by the functions of relations.ts. */
export type Relation =
  | { sql: { query: string } }
  | { read: { dataSource: DataSource; isStreaming: boolean } }
  | { withWatermark: { input: Relation; eventTime: string; delayThreshold: string } }

export interface DataSource {
  format: string
  /** as DDL: `a INT, b STRING`; Spark looks for itself where it is left out */
  schema?: string
  options?: Record<string, string>
  paths?: string[]
}

/** What is to be done, and is no result. */
export type Command =
  | { createDataframeView: { name: string; input: Relation; replace: boolean; isGlobal: boolean } }
  | { writeStreamOperationStart: StreamStart }
  | { streamingQueryCommand: { queryId: QueryId } & QueryRequest }
  | { streamingQueryManagerCommand: { active: true } }

export type QueryRequest = { status: true } | { recentProgress: true } | { exception: true } | { stop: true }

/** A streaming query, as `DataStreamWriter` of Spark takes it. */
export interface StreamStart {
  input: Relation
  format: string
  /** checkpointLocation among them */
  options: Record<string, string>
  outputMode: 'append' | 'update' | 'complete'
  queryName: string
  /** `1 second`; micro-batches follow each other at once where neither this nor availableNow is given */
  processingTimeInterval?: string
  /** takes what is there, and ends */
  availableNow?: true
}

export interface QueryId {
  /** kept with the checkpoint: the same after every restart from it */
  id: string
  /** of this run alone */
  runId: string
}

export interface QueryStatus {
  statusMessage: string
  isDataAvailable: boolean
  isTriggerActive: boolean
  isActive: boolean
}

export interface ActiveQuery extends QueryId {
  name: string
}

export type Plan = { root: Relation } | { command: Command }

/** One answer of many to a plan. */
export interface PlanResponse {
  serverSideSessionId?: string
  arrowBatch?: { data: Uint8Array }
  writeStreamOperationStartResult?: { queryId: QueryId }
  streamingQueryCommandResult?: {
    status?: Partial<QueryStatus>
    recentProgress?: { recentProgressJson?: string[] }
    exception?: QueryException
  }
  streamingQueryManagerCommandResult?: { active?: { activeQueries?: { id: QueryId; name?: string }[] } }
}

/** What ended a streaming query; empty where nothing did. */
export interface QueryException {
  exceptionMessage?: string
  errorClass?: string
  stackTrace?: string
}

export interface KeyValue {
  key: string
  value?: string
}

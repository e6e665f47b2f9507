import { geometryDigest } from '../../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import type { TopicInfo } from '../../../src/log/log.js'
import type { JobEntry } from '../../../src/spark/jobs/job-book.js'
import type { JobRequest } from '../../../src/spark/jobs/job-plan.js'
import type { JobPlan } from '../../../src/spark/sql/job-statements.js'

export const PLAN: JobPlan = {
  ...{ run: DEFAULT_RUN, geometry: geometryDigest(DEFAULT_RUN), group: 'cosmics', topic: 'data_raw' },
  ...{ since: [0, 12], firstOrbit: 100, intervalMs: 5000, grace: 2048, mostListed: 1000, rowsPerMessage: 1 },
}

export const ENTRY: JobEntry = {
  ...{ format: 1, name: 'cosmics', plan: PLAN, checkpoint: 'file:///data/checkpoint', batchRows: 200_000 },
  resultsTo: { name: 'data_clean', maxMessageBytes: 1_048_588 },
  startedAt: '2024-03-01T00:00:00.000Z',
  endpoint: { host: '127.0.0.1', port: 15_002, tls: false, userId: 'tester', token: 'hidden' },
  ...{ conf: {}, session: { sessionId: 'one', serverSessionId: 'two' } },
  queries: { windows: { id: 'w', runId: 'w1' }, rows: { id: 'r', runId: 'r1' } },
}

export function topicInfo(name: string, partitions: number): TopicInfo {
  const offsets = Array.from({ length: partitions }, () => ({ start: 0, end: 0, bytes: 0 }))
  return {
    ...{ name, partitions, offsets, retentionBytes: 1, retentionMs: 1, replicationFactor: 1 },
    ...{ maxMessageBytes: 1_048_588, keyedByOrbit: true },
  }
}

/** What PLAN was made for. */
export const REQUEST: JobRequest = {
  ...{ group: 'cosmics', run: DEFAULT_RUN, geometry: PLAN.geometry, begin: 'beginning', intervalMs: 5000 },
  ...{ grace: 2048, orbitDetail: true, topic: topicInfo('data_raw', 2), resultsTo: topicInfo('data_clean', 1) },
}

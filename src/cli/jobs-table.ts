import type { JobFacts } from '../spark/jobs/job-facts.js'
import { table } from './table.js'

/** Jobs as a table. */
export function jobsTable(jobs: readonly JobFacts[]): string {
  const rows = jobs.map(({ name, state, topic, resultsTo, spark, startedAt }) => [
    name,
    state,
    topic,
    resultsTo,
    spark,
    startedAt,
  ])
  return table(['job', 'state', 'rows', 'results', 'spark', 'started'], rows, [])
}

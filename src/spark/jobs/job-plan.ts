import { createHash } from 'node:crypto'
import type { RunFile } from '../../core/run-file/run-file.js'
import { ExpectedError } from '../../errors.js'
import type { Log, TopicInfo } from '../../log/log.js'
import { hitsOfMessages, type JobPlan, readResults, rowsOfMessages, windowStatements } from '../sql/job-statements.js'
import { firstRows, lowestOrbit, type Waiting } from './first-rows.js'

/** What a job is to do. */
export interface JobRequest {
  group: string
  run: RunFile
  geometry: string
  /** of the rows, and of the results */
  topic: TopicInfo
  resultsTo: TopicInfo
  begin: 'beginning' | 'end'
  intervalMs: number
  /** orbits by which rows may come late */
  grace: number
  orbitDetail: boolean
}

/** What a checkpoint was made with, and so must be gone on with. Plain JSON. */
export interface PlanRecord {
  format: 1
  /** of dtstream */
  version: string
  group: string
  topic: string
  resultsTo: string
  geometry: string
  intervalMs: number
  grace: number
  mostListed: number
  since: number[]
  firstOrbit: number
  rowsPerMessage: number
  /** digest of the SQL */
  query: string
}

/** Entries of result 4 take so many bytes of JSON at most, and all the rest of a result so many. */
const BYTES_LISTED = 16
const BYTES_OF_THE_REST = 128 * 1024
const LARGEST_MESSAGE_BYTES = 4 * 1024 ** 2

/**
 * What a new job is made from: where it begins, and the run's lowest orbit, which the topic's first rows tell. Waits for them.
 * @returns undefined where the signal aborts before
 */
export async function newPlan(log: Log, request: JobRequest, waiting: Waiting): Promise<JobPlan | undefined> {
  const { topic, resultsTo, begin, run, orbitDetail } = request
  const since = topic.offsets.map(({ start, end }) => (begin === 'beginning' ? start : end))
  const first = await firstRows(log, { topic: topic.name, since, run }, waiting)
  if (!first) return undefined
  const room = Math.min(LARGEST_MESSAGE_BYTES, resultsTo.maxMessageBytes) - BYTES_OF_THE_REST
  const mostListed = orbitDetail ? Math.max(0, Math.floor(room / BYTES_LISTED)) : 0
  return planOf(request, { ...first, since, firstOrbit: lowestOrbit(first.orbits), mostListed })
}

function planOf(
  { group, run, geometry, topic, intervalMs, grace }: JobRequest,
  {
    since,
    firstOrbit,
    mostListed,
    rowsPerMessage,
  }: Pick<JobPlan, 'since' | 'firstOrbit' | 'mostListed' | 'rowsPerMessage'>,
): JobPlan {
  return { group, run, geometry, topic: topic.name, intervalMs, grace, since, firstOrbit, mostListed, rowsPerMessage }
}

export function recordOf(plan: JobPlan, resultsTo: string, version: string): PlanRecord {
  const { run: _, since, ...plain } = plan
  return { format: 1, version, ...plain, since: [...since], resultsTo, query: queryDigest(plan) }
}

/**
 * The plan of a checkpoint that was made before, where the request asks for the same.
 * @throws ExpectedError that says what is different
 */
export function resumedPlan(record: PlanRecord, request: JobRequest, checkpoint: string, version: string): JobPlan {
  const { group, topic, resultsTo, geometry, intervalMs, grace } = request
  const asked = { group, topic: topic.name, resultsTo: resultsTo.name, geometry, intervalMs, grace }
  for (const [name, value] of Object.entries(asked)) {
    const before = record[name as keyof typeof asked]
    if (before !== value) throw changed(checkpoint, `${WORDS[name as keyof typeof asked]} was ${before}, not ${value}`)
  }
  if (request.orbitDetail !== record.mostListed > 0) throw changed(checkpoint, '--orbit-detail was another')
  if (record.since.length !== topic.partitions)
    throw changed(checkpoint, `${topic.name} had ${record.since.length} partitions, not ${topic.partitions}`)
  const plan = planOf(request, record)
  if (queryDigest(plan) !== record.query)
    throw changed(checkpoint, `dtstream ${record.version} asks another query than ${version}`)
  return plan
}

const WORDS = {
  group: 'the group',
  topic: 'the topic of rows',
  resultsTo: 'the topic of results',
  geometry: "the run file's geometry",
  intervalMs: 'the interval in ms',
  grace: 'the grace',
}

function changed(checkpoint: string, difference: string): ExpectedError {
  return new ExpectedError(`the checkpoint ${checkpoint} is of another job: ${difference}`, [
    'go on as it was begun, or begin anew: --checkpoint of another folder, and a --group of its own',
  ])
}

function queryDigest(plan: JobPlan): string {
  const statements = [
    hitsOfMessages('raw', plan),
    ...windowStatements(plan),
    rowsOfMessages('raw', plan),
    readResults(plan),
  ]
  return createHash('sha256').update(JSON.stringify(statements)).digest('hex').slice(0, 16)
}

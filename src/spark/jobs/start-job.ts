import { ExpectedError } from '../../errors.js'
import type { JobPlan } from '../sql/job-statements.js'
import { readPlanRecord, writePlanRecord } from './checkpoint.js'
import { withJobLocked } from './job-lock.js'
import { type JobRequest, newPlan, recordOf, resumedPlan } from './job-plan.js'
import { findSessionForUser, type JobSurroundings, SparkJob } from './spark-job.js'
import { checkpointOf, type OpenedSpark, openSpark, type SparkPlace } from './spark-place.js'

export interface StartOptions {
  request: JobRequest
  place: SparkPlace
  /** folder or URI; undefined for one on this machine */
  checkpoint: string | undefined
  /** rows that a micro-batch takes at most, about */
  batchRows: number
  /** of dtstream */
  version: string
}

/**
 * Starts a job, from its checkpoint where there is one.
 * @returns undefined where the signal aborts before it runs
 * @throws ExpectedError where the job runs already, or its checkpoint is of another
 */
export async function startJob(options: StartOptions, surroundings: JobSurroundings): Promise<SparkJob | undefined> {
  const { book, signal } = surroundings
  try {
    return await withJobLocked(book.folderOf(options.request.group), () => start(options, surroundings), signal)
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  }
}

async function start(options: StartOptions, surroundings: JobSurroundings): Promise<SparkJob | undefined> {
  const { request, place, batchRows } = options
  const { book, signal } = surroundings
  const { group, resultsTo } = request
  await refuseRunning(group, surroundings)
  const folder = book.folderOf(group)
  const checkpoint = checkpointOf(options.checkpoint, place, folder)
  const opened = await openSpark(place, folder, signal)
  const plan = await planFor(opened, checkpoint, options, surroundings).catch(async (error) => {
    await opened.close()
    throw error
  })
  if (!plan) {
    await opened.close()
    return undefined
  }
  const of = {
    ...{ format: 1 as const, name: group, plan, checkpoint, batchRows },
    resultsTo: { name: resultsTo.name, maxMessageBytes: resultsTo.maxMessageBytes },
    startedAt: new Date().toISOString(),
    endpoint: opened.session.endpoint,
    conf: place.kind === 'remote' ? place.conf : {},
  }
  return SparkJob.start(opened, of, surroundings)
}

async function planFor(
  { session }: OpenedSpark,
  checkpoint: string,
  { request, version }: StartOptions,
  { log, signal, onNotice }: JobSurroundings,
): Promise<JobPlan | undefined> {
  const record = await readPlanRecord(session, checkpoint)
  if (record) return resumedPlan(record, request, checkpoint, version)
  const plan = await newPlan(log, request, { signal, onNotice })
  if (plan) await writePlanRecord(session, checkpoint, recordOf(plan, request.resultsTo.name, version))
  return plan
}

async function refuseRunning(group: string, { book }: JobSurroundings): Promise<void> {
  const entry = book.find(group)
  if (!entry) return
  const found = await findSessionForUser(entry, book)
  found?.session.close()
  if (!found?.isRunning) return
  throw new ExpectedError(`the job ${group} is running already`, [
    `dtstream jobs attach ${group} follows it`,
    `dtstream jobs stop ${group} ends it`,
  ])
}

import type { Difference } from '../core/results/compare.js'
import type { Audit } from './audit.js'
import type { Break } from './chain.js'
import type { JobAudit, JobBreak } from './job/job-audit.js'
import type { LaneAudit } from './lane-audit.js'

/** Breaks of a lane or a job that are told of one by one. */
const MOST_BREAKS = 20

/** A verdict as lines: what is irregular lane by lane, the verdict itself, and what it leaves out. */
export function auditInWords(audit: Audit): string[] {
  const { verdict, results, unchecked, unkept, rows, late, pending, lanes, job } = audit
  const whose = job ? 'a Spark job' : counted(lanes.length, 'lane')
  return [
    ...lanes.flatMap(laneInWords),
    ...(job ? jobInWords(job) : []),
    `${verdict}: ${counted(results, 'result')} of ${whose}, ${counted(rows, 'row')}`,
    ...(late > 0 ? [`${late} of them late: counted in results 1 to 3, not in 4 to 6`] : []),
    ...(unchecked > 0 ? [`${counted(unchecked, 'result')} not checked: retention has deleted their rows`] : []),
    ...(unkept > 0 ? [`${counted(unkept, 'result')} before them not checked: retention has deleted them`] : []),
    ...(job?.trimmed ? ['earlier results not checked: retention has deleted them'] : []),
    ...(pending > 0 ? [`${counted(pending, 'message')} not processed yet`] : []),
    ...(job && job.openHits > 0 ? [`${counted(job.openHits, 'hit')} in windows that have not closed yet`] : []),
  ]
}

function jobInWords({ breaks, differences, moreDifferences, lostHits }: JobAudit): string[] {
  return [
    ...breaks.slice(0, MOST_BREAKS).map(jobBreakInWords),
    ...(breaks.length > MOST_BREAKS ? [counted(breaks.length - MOST_BREAKS, 'more break')] : []),
    ...differences.map(
      ({ partition, ...one }) =>
        `${partition === null ? 'window' : `partition ${partition}`}: ${differenceInWords(one)}`,
    ),
    ...(moreDifferences > 0 ? [counted(moreDifferences, 'more difference')] : []),
    ...(lostHits > 0
      ? [`${counted(lostHits, 'hit')} in no window, though it has closed: Spark drops what comes then`]
      : []),
  ].map((words) => `job: ${words}`)
}

function jobBreakInWords({ kind, partition, from, to }: JobBreak): string {
  const place = `${partition === null ? 'orbits' : 'offsets'} ${from} up to ${to}`
  const where = partition === null ? place : `${place} of partition ${partition}`
  if (kind === 'repeated') return `the result of ${where} was sent again; whoever reads drops it`
  if (kind === 'overlap') return `overlap: another result counts ${where} again`
  return partition === null ? `gap: no window has the rows of ${where}` : `gap: no result covers ${where}`
}

function laneInWords({ partition, partitions, breaks, differences, moreDifferences }: LaneAudit): string[] {
  const isWhole = partitions.length > 1
  return [
    ...breaks.slice(0, MOST_BREAKS).map((one) => breakInWords(one, isWhole)),
    ...(breaks.length > MOST_BREAKS ? [`${counted(breaks.length - MOST_BREAKS, 'more break')} in the chain`] : []),
    ...differences.map(differenceInWords),
    ...(moreDifferences > 0 ? [counted(moreDifferences, 'more difference')] : []),
  ].map((words) => `lane ${partition}: ${words}`)
}

function breakInWords({ kind, partition, from, to, msg_ID }: Break, isWhole: boolean): string {
  const offsets = `offsets ${from} up to ${to}${isWhole ? ` of partition ${partition}` : ''}`
  if (kind === 'repeated') return `result ${msg_ID} was sent again; whoever reads drops it`
  if (kind === 'overlap') return `overlap: result ${msg_ID} counts ${offsets} again`
  return from < to
    ? `gap before result ${msg_ID}: no result covers ${offsets}`
    : `gap before result ${msg_ID}: the one before it is missing`
}

function differenceInWords({ msg_ID, field, expected, found }: Difference & { msg_ID: number }): string {
  return `result ${msg_ID}: ${field} is ${found}, should be ${expected}`
}

/** To the last digit, as becomes a proof. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

import type { Difference } from '../core/results/compare.js'
import type { Audit } from './audit.js'
import type { Break } from './chain.js'
import type { LaneAudit } from './lane-audit.js'

/** Breaks of a lane that are told of one by one. */
const MOST_BREAKS = 20

/** A verdict as lines: what is irregular lane by lane, the verdict itself, and what it leaves out. */
export function auditInWords(audit: Audit): string[] {
  const { verdict, results, unchecked, unkept, rows, late, pending, lanes } = audit
  return [
    ...lanes.flatMap(laneInWords),
    `${verdict}: ${counted(results, 'result')} of ${counted(lanes.length, 'lane')}, ${counted(rows, 'row')}`,
    ...(late > 0 ? [`${late} of them late: counted in results 1 to 3, not in 4 to 6`] : []),
    ...(unchecked > 0 ? [`${counted(unchecked, 'result')} not checked: retention has deleted their rows`] : []),
    ...(unkept > 0 ? [`${counted(unkept, 'result')} before them not checked: retention has deleted them`] : []),
    ...(pending > 0 ? [`${counted(pending, 'message')} not processed yet`] : []),
  ]
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

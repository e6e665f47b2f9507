import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { ROW_CLASSES, ROW_COUNTS } from '../../core/results/row-counts.js'
import { sparkWorker } from '../../core/results/worker-name.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { BIN, binsOfOrbits, countsOfBins } from './bins.js'
import { HITS_IN_ORDER, refuseOtherRuns } from './hit-order.js'
import { integersLiteral, textLiteral } from './literals.js'
import { linesOfMessages } from './messages.js'
import { activeCells, countedOn, firstOrbitAt, ORBITS_OF_HITS, timedHits } from './orbits.js'
import { gatheredBins, noBins, resultJson } from './result-json.js'
import { rowsOfLines } from './rows.js'

/** What the SQL of a job is made from. */
export interface JobPlan {
  run: RunFile
  geometry: string
  group: string
  /** of the rows, and how many partitions it has */
  topic: string
  /** offsets at which the job began, by partition */
  since: readonly number[]
  /** lowest orbit of the run, as on the wire: whatever is below has wrapped */
  firstOrbit: number
  intervalMs: number
  /** orbits by which rows may come late */
  grace: number
  /** entries of result 4 in a message, above which they are left out; 0 where they are not wanted */
  mostListed: number
  /** in the topic, on average: Spark counts messages */
  rowsPerMessage: number
}

const KEPT = ['partition', 'offset', 'ts', 'is_end']

/** The hits of a source of messages, with `time`, which is the column for a watermark. */
export function hitsOfMessages(source: string, plan: JobPlan): string {
  return timedHits(rowsOfLines(linesOfMessages(source, plan.run.raw_word), KEPT, plan.run), plan.firstOrbit)
}

/**
 * From the view `hits` to the results of windows, as views one on the other; the last gives key and value of messages.
 * The windows stand on the detector's own clock, so that a row's window hangs on its orbit alone.
 */
export function windowStatements(plan: JobPlan): [view: string, sql: string][] {
  const { run, intervalMs, mostListed } = plan
  return [
    ['orbits', ORBITS_OF_HITS],
    ['bins', binsOfOrbits(activeCells(run.chambers.length), run, mostListed > 0)],
    ['counts', countsOfBins('bins', `window(time, '${intervalMs} milliseconds')`)],
    ['results', windowResults(plan)],
  ]
}

function windowResults(plan: JobPlan): string {
  const { run, intervalMs, topic, since, group, geometry, mostListed } = plan
  const us = intervalMs * 1000
  const [from, to] = [firstOrbitAt(`number * ${us}`), firstOrbitAt(`(number + 1) * ${us}`)]
  const source = `array(named_struct('topic', ${textLiteral(topic)}, 'since', ${integersLiteral(since)},
    'from', ${from}, 'to', ${to}, 'watermark', (${to} - 1) % ${ORBIT_CYCLE}))`
  const json = resultJson(
    {
      msgId: 'number',
      worker: sparkWorker(group, 'windows'),
      since: 'since',
      until: 'until',
      source,
      orbits: { first: `first % ${ORBIT_CYCLE}`, last: `last % ${ORBIT_CYCLE}`, count: 'orbits' },
      rows: Object.fromEntries(ROW_COUNTS.map((name) => [name, '0'])),
      geometry,
    },
    run,
    mostListed,
  )
  return `
SELECT CAST(number AS STRING) key, ${json} value
FROM (
  SELECT *, unix_micros(window.start) DIV ${us} number
  FROM (
    SELECT window, min(first) first, max(last) last, min(since) since, max(until) until,
      sum(IF(kind = ${BIN.orbit}, n, 0)) orbits,
      ${gatheredBins(run)}
    FROM counts
    GROUP BY window))`
}

/**
 * The rows of a source of messages with `batch`, when the micro-batch began; that is the column for a watermark. Inside of
 * a lambda the time is no part of the code that Spark compiles, which then serves for all micro-batches.
 */
export function rowsOfMessages(source: string, { run, firstOrbit }: JobPlan): string {
  return `
SELECT transform(array(offset), any -> current_timestamp())[0] batch, partition, offset, place, ts, is_end, class, ${countedOn('orbit', firstOrbit)} u
FROM (${rowsOfLines(linesOfMessages(source, run.raw_word), [...KEPT, 'place'], run)})`
}

/** What was read, by class: a result for each micro-batch and partition, from the view `rows`. Ends with a reason where rows are not of one run. */
export function readResults(plan: JobPlan): string {
  const { run, topic, group, geometry, grace, mostListed } = plan
  const source = `array(named_struct('topic', ${textLiteral(topic)}, 'partition', partition, 'from', \`from\`, 'to', \`to\`,
    'watermark', CAST(NULL AS BIGINT)))`
  const json = resultJson(
    {
      msgId: '`from`',
      worker: sparkWorker(group, 'rows'),
      since: 'since',
      until: 'until',
      source,
      orbits: { first: 'CAST(NULL AS BIGINT)', last: 'CAST(NULL AS BIGINT)', count: '0' },
      rows: { read: 'read', ...Object.fromEntries(ROW_CLASSES.map((name) => [name, name])), late: '0' },
      geometry,
    },
    run,
    mostListed,
  )
  const counts = ROW_CLASSES.map((name) => `count_if(class = '${name}') ${name}`).join(', ')
  return `
SELECT concat_ws('/', partition, \`from\`) key, coalesce(${refuseOtherRuns('hits_in_order', textLiteral(topic), grace)}, ${json}) value
FROM (
  SELECT *, ${noBins(run)}
  FROM (
    SELECT batch, partition, min(offset) \`from\`, max(offset) + 1 \`to\`, min(ts) since, max(ts) until, count(class) read, ${counts},
      ${HITS_IN_ORDER} hits_in_order
    FROM rows
    GROUP BY batch, partition))`
}

import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { ROW_CLASSES, ROW_COUNTS } from '../../core/results/row-counts.js'
import { CELLS, type RunFile } from '../../core/run-file/run-file.js'
import { BIN, binsOfOrbits, countsOfBins } from './bins.js'
import { textLiteral } from './literals.js'
import { linesOfWords } from './messages.js'
import { activeCells, firstOrbitAt, microsecondsOf, ORBITS_OF_HITS, timedHits } from './orbits.js'
import { gatheredBins, resultJson } from './result-json.js'
import { BYTE_ORDER_MARK, rowsOfLines } from './rows.js'

/** Views on the files: text line by line, and raw words file by file. Undefined where there is no such file. */
export interface FileViews {
  text: string | undefined
  words: string | undefined
}

/** What the SQL of a batch analysis is made from. */
export interface BatchPlan {
  run: RunFile
  geometry: string
  worker: string
  /** detector time that a result covers; undefined for one result of all */
  intervalMs: number | undefined
  /** entries of result 4 above which it is left out; 0 where it is not wanted */
  mostListed: number
  /** lowest orbit of the run, as on the wire: whatever is below has wrapped */
  firstOrbit: number
  /** orbits whose hits count in results 1 to 3 alone */
  lateOrbits: readonly number[]
}

/**
 * The lines of files: file, start (of the piece of the file that Spark reads at once, in bytes), id (ascending within
 * the piece), bytes (its length with its newline), is_marked (a byte order mark begins it) and line.
 */
export function linesOfFiles({ text, words }: FileViews, { raw_word }: RunFile): string {
  const lines = `
SELECT input_file_name() file, input_file_block_start() start, monotonically_increasing_id() id,
  octet_length(value) + 1 bytes, startswith(value, ${textLiteral(BYTE_ORDER_MARK)}) is_marked, value line
FROM ${text}`
  const records = `
SELECT path file, 0L start, CAST(place AS BIGINT) id, 8 bytes, FALSE is_marked, line
FROM ${words} LATERAL VIEW posexplode(${linesOfWords('content', raw_word)}) words AS place, line`
  return [text && lines, words && records].filter((part) => part).join('\nUNION ALL')
}

/**
 * What the rows of files are, and which blocks of orbits they lie in: a row for each block of each piece of a file, ascending by
 * block; -1 is that of rows without an orbit. first, last and marked (of the first line with a byte order mark) count from the piece's first line.
 * @param width of a block, in orbits
 */
export function surveyOfLines(lines: string, run: RunFile, width: number): string {
  const id = 'min(first) OVER (PARTITION BY file, start)'
  return `
SELECT file, start, block, first - ${id} first, last - ${id} last, marked - ${id} marked, low, high, ${ROW_CLASSES.join(', ')}, bytes
FROM (
  SELECT file, start, coalesce(event DIV ${width}, -1) block, min(id) first, max(id) last,
    min(IF(is_marked, id, NULL)) marked, min(event) low, max(event) high,
    ${ROW_CLASSES.map((name) => `count_if(class = '${name}') ${name}`).join(', ')}, sum(bytes) bytes
  FROM (
    SELECT file, start, id, bytes, is_marked, class, IF(class IN ('hits', 'scintillator'), orbit, NULL) event
    FROM (${rowsOfLines(lines, ['file', 'start', 'id', 'bytes', 'is_marked'], run)}))
  GROUP BY file, start, coalesce(event DIV ${width}, -1))
ORDER BY block`
}

/**
 * From lines to results, as views one on the other; the last gives number (of the window), watermark and value (the result as
 * JSON, without what it covers).
 */
export function batchStatements(lines: string, plan: BatchPlan): [view: string, sql: string][] {
  const { run, mostListed, intervalMs } = plan
  const rows = `SELECT *, FALSE is_end, CAST(NULL AS TIMESTAMP) ts FROM (${rowsOfLines(lines, [], run)})`
  const isLate = `orbit IN (${plan.lateOrbits.join(', ')})`
  const bins = binsOfOrbits(activeCells(run.chambers.length), run, mostListed > 0)
  const hasLate = plan.lateOrbits.length > 0
  return [
    ['hits', timedHits(hasLate ? `SELECT * FROM (${rows}) WHERE NOT ${isLate}` : rows, plan.firstOrbit)],
    ['orbits', ORBITS_OF_HITS],
    ['bins', hasLate ? `${bins}\nUNION ALL${binsOfLateHits(`${rows} WHERE ${isLate}`, plan.firstOrbit)}` : bins],
    [
      'counts',
      countsOfBins('bins', intervalMs === undefined ? undefined : `window(time, '${intervalMs} milliseconds')`),
    ],
    ['results', results(plan)],
  ]
}

function binsOfLateHits(rows: string, firstOrbit: number): string {
  return `
SELECT timestamp_micros(${microsecondsOf(`${firstOrbit}L`)}) time, ${BIN.cell} kind, cell DIV ${CELLS} chamber, cell % ${CELLS} bin, 1L n, 0L s,
  NULL u, NULL since, NULL until
FROM (${rows} AND class = 'hits')`
}

function results(plan: BatchPlan): string {
  const { run, intervalMs, geometry, worker, mostListed } = plan
  const never = 'timestamp_micros(0)'
  const json = resultJson(
    {
      msgId: '0',
      worker,
      since: never,
      until: never,
      source: 'CAST(array() AS ARRAY<BIGINT>)',
      orbits: { first: `first % ${ORBIT_CYCLE}`, last: `last % ${ORBIT_CYCLE}`, count: 'orbits' },
      rows: Object.fromEntries(ROW_COUNTS.map((name) => [name, '0'])),
      geometry,
    },
    run,
    mostListed,
  )
  const gathered = `min(first) first, max(last) last, coalesce(sum(IF(kind = ${BIN.orbit}, n, 0)), 0) orbits,
  ${gatheredBins(run)}
FROM counts`
  if (intervalMs === undefined)
    return `
SELECT 0 number, last % ${ORBIT_CYCLE} watermark, ${json} value
FROM (SELECT ${gathered})`
  const us = intervalMs * 1000
  return `
SELECT number, (${firstOrbitAt(`(number + 1) * ${us}`)} - 1) % ${ORBIT_CYCLE} watermark, ${json} value
FROM (
  SELECT *, unix_micros(window.start) DIV ${us} number
  FROM (SELECT window, ${gathered} GROUP BY window))
ORDER BY number`
}

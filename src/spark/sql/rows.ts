import { HEADER, LARGEST, LONGEST_RECORD } from '../../core/rows/text-unusual.js'
import { CELLS, type RunFile, TDC_PER_BX } from '../../core/run-file/run-file.js'
import { textLiteral } from './literals.js'

/** Five whole numbers and a decimal; `\z`, because `$` would let a newline pass. */
const RECORD = String.raw`^[0-9]+,[0-9]+,[0-9]+,[0-9]+,[0-9]+,-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z`
/** Passed over at the beginning of a line. */
export const BYTE_ORDER_MARK = '\uFEFF'
const LARGEST_FLOAT = '3.4028234663852886E38D'
const WHOLE_NUMBERS = ['head', 'fpga', 'channel', 'orbit', 'bx'] as const

/**
 * The rows of a relation with a column `line`, beside the columns to keep:
 * class (hits, scintillator, ancillary, unmapped, malformed; NULL for a line without a record: blank, a header), orbit (as on the
 * wire), cell (through all chambers, 64 each; NULL for what is no hit of a chamber) and t (T in TDC counts).
 *
 * `inline` of an array of one makes Spark evaluate what is in it once: the optimizer copies plain expressions into
 * every place that uses them, filters too, and would split each line a dozen times.
 */
export function rowsOfLines(lines: string, keep: readonly string[], run: RunFile): string {
  const kept = keep.map((column) => `${column}, `).join('')
  return `
SELECT ${kept}${classOf(run)} class, orbit, cell, ${TDC_PER_BX} * bx + tdc t
FROM (
  SELECT ${kept}is_blank, is_record, head, fpga, channel, orbit, bx, tdc, ${cellOf(run)} cell
  FROM (
    SELECT ${kept}is_blank, is_record, fields
    FROM (SELECT ${kept}${recordOf('line')} record FROM (${lines}))
    LATERAL VIEW inline(array(struct(
      record IS NULL OR record IN ('', ${textLiteral(HEADER)}) is_blank,
      octet_length(record) <= ${LONGEST_RECORD} AND record RLIKE ${textLiteral(RECORD)} is_record,
      split(record, ',') fields))) text_of_row AS is_blank, is_record, fields)
  LATERAL VIEW inline(array(struct(${fieldsOf('fields')}))) numbers AS head, fpga, channel, orbit, bx, tdc)`
}

/** Without a byte order mark and the carriage return at its end, one of each. */
function recordOf(line: string): string {
  const mark = textLiteral(BYTE_ORDER_MARK)
  const withoutMark = `IF(startswith(${line}, ${mark}), substring(${line}, 2), ${line})`
  const carriageReturn = textLiteral('\r')
  return `IF(endswith(${line}, ${carriageReturn}), left(${withoutMark}, char_length(${withoutMark}) - 1), ${withoutMark})`
}

/** NULL where a field is no number. TDC_MEAS is rounded to a float, as its column is. */
function fieldsOf(fields: string): string {
  const whole = WHOLE_NUMBERS.map((_, i) => `try_cast(get(${fields}, ${i}) AS BIGINT)`)
  return [...whole, `CAST(CAST(try_cast(get(${fields}, 5) AS DOUBLE) AS FLOAT) AS DOUBLE)`].join(', ')
}

function classOf({ scintillator }: RunFile): string {
  const inRange = WHOLE_NUMBERS.map((name, i) => `${name} <= ${LARGEST[i]}`)
  const isRecord = ['is_record', ...inRange, `abs(tdc) <= ${LARGEST_FLOAT}`].join(' AND ')
  return `CASE WHEN is_blank THEN NULL
  WHEN NOT coalesce(${isRecord}, FALSE) THEN 'malformed'
  WHEN head <> 2 THEN 'ancillary'
  WHEN fpga = ${scintillator.fpga} AND channel = ${scintillator.channel} THEN 'scintillator'
  WHEN cell IS NULL THEN 'unmapped'
  ELSE 'hits' END`
}

function cellOf({ chambers }: RunFile): string {
  const cases = chambers.map(
    ({ fpga, first_channel: first }, i) =>
      `WHEN fpga = ${fpga} AND channel BETWEEN ${first} AND ${first + CELLS - 1} THEN CAST(channel - ${first} + ${i * CELLS} AS INT)`,
  )
  return `CASE ${cases.join(' ')} END`
}

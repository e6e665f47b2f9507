import type { RowBuffer } from './row-buffer.js'

/** What `parseUnusualLine` gives for a last line whose newline has not come yet. */
export const UNFINISHED = -1

const NEWLINE = 10
const RETURN = 13
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
/** The line that files begin with. */
export const HEADER = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
const INTEGER = /^\d+$/
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
/** Largest values of HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT and BX_COUNTER: what their columns hold. */
export const LARGEST = [255, 255, 65_535, 4_294_967_295, 65_535]
/** No record is longer, in bytes; a longer line is malformed, and not decoded. */
export const LONGEST_RECORD = 256

/**
 * Looks at one line that is not the usual row: passes over blanks, header lines and a byte order mark, reads long
 * decimals and exponents, lists the rest in `rows.malformed`.
 * @returns where the next line starts, or UNFINISHED
 */
export function parseUnusualLine(
  bytes: Uint8Array,
  line: number,
  end: number,
  rows: RowBuffer,
  final: boolean,
): number {
  const newline = bytes.subarray(line, end).indexOf(NEWLINE)
  if (newline < 0 && !final) return UNFINISHED
  const lineEnd = newline < 0 ? end : line + newline
  const next = newline < 0 ? end : lineEnd + 1
  const recordStart = beginsWithMark(bytes, line, lineEnd) ? line + BYTE_ORDER_MARK.length : line
  const recordEnd = bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd
  const isTooLong = recordEnd - recordStart > LONGEST_RECORD
  const record = isTooLong ? undefined : latin1(bytes, recordStart, recordEnd)
  if (record === '' || record === HEADER) return next
  if (record === undefined || !addRecord(record, rows, recordEnd)) addMalformed(rows, recordStart, recordEnd)
  return next
}

function beginsWithMark(bytes: Uint8Array, line: number, lineEnd: number): boolean {
  return lineEnd - line >= BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.every((byte, i) => bytes[line + i] === byte)
}

/** Lists bytes[start, end) as a record that could not be read. The caller has seen to it that there is room. */
export function addMalformed({ malformed, length }: RowBuffer, start: number, end: number): void {
  malformed.start[malformed.count] = start
  malformed.end[malformed.count] = end
  malformed.row[malformed.count] = length
  malformed.count++
}

function addRecord(record: string, rows: RowBuffer, end: number): boolean {
  const fields = record.split(',')
  if (fields.length !== 6) return false
  const values = fields.map(Number)
  for (let i = 0; i < LARGEST.length; i++) if (!INTEGER.test(fields[i]) || values[i] > LARGEST[i]) return false
  if (!DECIMAL.test(fields[5]) || !Number.isFinite(Math.fround(values[5]))) return false
  const { columns, length } = rows
  columns.head[length] = values[0]
  columns.fpga[length] = values[1]
  columns.channel[length] = values[2]
  columns.orbit[length] = values[3]
  columns.bx[length] = values[4]
  columns.tdc[length] = values[5]
  rows.start[length] = end - record.length
  rows.end[length] = end
  rows.length++
  return true
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

import type { RowBuffer } from './row-buffer.js'
import { parsePlainRows } from './text-plain.js'
import { LONGEST_RECORD, parseUnusualLine, UNFINISHED } from './text-unusual.js'

const COMMA = 44
const MINUS = 45
const POINT = 46
const NEWLINE = 10
const RETURN = 13
const ZERO = 48

/** Powers of ten by the number of decimals: exact in a double, so one division rounds once. */
const SCALE = Float64Array.from({ length: 16 }, (_, digits) => 10 ** digits)

/**
 * Reads text rows from bytes[start, end) into `rows`, behind those that are there, and returns where it stopped:
 * `end`, or where the buffer was full, or (unless `final`) at the start of a last line without its newline.
 *
 * Plain rows of longer texts are read by `parsePlainRows`, any other usual row by `parseUsualRow`; a line of any other
 * kind (a header, a long decimal, rubbish) is looked at by `parseUnusualLine`. Lines without a record (blank, header) are
 * passed over; a record that cannot be read is listed in `rows.malformed`. Nothing is allocated per row.
 */
export function parseText(bytes: Uint8Array, start: number, end: number, rows: RowBuffer, final: boolean): number {
  const { malformed, capacity } = rows
  const text = end - start >= WORTH_A_VIEW ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined
  let at = start
  while (at < end && rows.length < capacity && malformed.count < capacity) {
    if (text) {
      at = parsePlainRows(text, at, end, rows)
      if (rows.length === capacity) break
    }
    const usual = parseUsualRow(bytes, at, end, rows, final)
    const next = usual === UNUSUAL ? parseUnusualLine(bytes, at, end, rows, final) : usual
    if (next === UNFINISHED) return at
    at = next
  }
  return at
}

/** Bytes below which the quick way, which needs a view on them, does not pay: a message with one row. */
const WORTH_A_VIEW = 1024

/** What `parseUsualRow` gives for a line that it does not know. */
const UNUSUAL = -2

/**
 * Reads the row that begins at `line`, and returns where the next one begins. The loop over digits stands here six times
 * because this is the program's hottest spot: a function that has to return a number and a place costs a third of it.
 */
function parseUsualRow(bytes: Uint8Array, line: number, end: number, rows: RowBuffer, final: boolean): number {
  let at = line
  let from = at
  let h = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    h = h * 10 + digit
  }
  if (at === from || h > 255 || at >= end || bytes[at++] !== COMMA) return UNUSUAL

  from = at
  let f = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    f = f * 10 + digit
  }
  if (at === from || f > 255 || at >= end || bytes[at++] !== COMMA) return UNUSUAL

  from = at
  let c = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    c = c * 10 + digit
  }
  if (at === from || c > 65535 || at >= end || bytes[at++] !== COMMA) return UNUSUAL

  from = at
  let o = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    o = o * 10 + digit
  }
  if (at === from || o > 4294967295 || at >= end || bytes[at++] !== COMMA) return UNUSUAL

  from = at
  let b = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    b = b * 10 + digit
  }
  if (at === from || b > 65535 || at >= end || bytes[at++] !== COMMA) return UNUSUAL

  const negative = at < end && bytes[at] === MINUS
  if (negative) at++
  from = at
  let t = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >>> 0 > 9) break
    t = t * 10 + digit
  }
  if (at === from) return UNUSUAL
  if (at < end && bytes[at] === POINT) {
    const point = at++
    for (; at < end; at++) {
      const digit = bytes[at] - ZERO
      if (digit >>> 0 > 9) break
      t = t * 10 + digit
    }
    const decimals = at - point - 1
    if (decimals === 0 || at - from > 15) return UNUSUAL
    t /= SCALE[decimals]
  } else if (at - from > 15) return UNUSUAL
  if (negative) t = -t

  const rowEnd = at
  if (at < end) {
    if (bytes[at] === RETURN && at + 1 < end) at++
    if (bytes[at++] !== NEWLINE) return UNUSUAL
  } else if (!final) return UNUSUAL
  if (rowEnd - line > LONGEST_RECORD) return UNUSUAL
  const n = rows.length++
  const { columns } = rows
  columns.head[n] = h
  columns.fpga[n] = f
  columns.channel[n] = c
  columns.orbit[n] = o
  columns.bx[n] = b
  columns.tdc[n] = t
  rows.start[n] = line
  rows.end[n] = rowEnd
  return at
}

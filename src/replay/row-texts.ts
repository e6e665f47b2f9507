import { formatRows, MAX_ROW_BYTES } from '../core/rows/format-text.js'
import type { SourceBlock } from '../sources/source.js'

/** Rows as text, whatever they were read from: row i is bytes[start[i], end[i]), without its newline. */
export interface RowTexts {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
}

/** Gives the texts of rows [from, to) of a block: a view on its own text where it has one. Valid until the next call. */
export function createRowTexts(): (block: SourceBlock, from: number, to: number) => RowTexts {
  let bytes = new Uint8Array(0)
  let start = new Uint32Array(0)
  let end = new Uint32Array(0)
  return ({ rows, text }, from, to) => {
    if (text) return { bytes: text, start: rows.start, end: rows.end }
    if (bytes.length < (to - from) * MAX_ROW_BYTES) bytes = new Uint8Array((to - from) * MAX_ROW_BYTES)
    if (end.length < rows.capacity) {
      start = new Uint32Array(rows.capacity)
      end = new Uint32Array(rows.capacity)
    }
    formatRows(rows.columns, from, to, bytes, 0, end.subarray(from))
    for (let i = from, at = 0; i < to; i++) {
      start[i] = at
      at = end[i]
      end[i] = at - 1
    }
    return { bytes, start, end }
  }
}

import type { RowBuffer } from './row-buffer.js'

/** How many malformed records stand before the first `rowCount` rows; those behind the last of them are not counted in. */
export function malformedBefore({ malformed }: RowBuffer, rowCount: number): number {
  let low = 0
  let high = malformed.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (malformed.row[middle] < rowCount) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Which malformed records belong to rows [from, to): those that stand before one of them, and where `to` is the block's
 * end those behind its last row. Slices that follow each other so have each of them once.
 * @returns indices into `rows.malformed`, the last excluded
 */
export function malformedWithin(rows: RowBuffer, from: number, to: number): [first: number, last: number] {
  return [malformedBefore(rows, from), to === rows.length ? rows.malformed.count : malformedBefore(rows, to)]
}

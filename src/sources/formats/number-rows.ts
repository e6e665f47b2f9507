import type { RowBuffer } from '../../core/rows/row-buffer.js'

/** Sets extents to row numbers from 0, malformed rows counted in: for rows that are not bytes of their own. */
export function numberRows({ length, start, end, malformed }: RowBuffer): void {
  let bad = 0
  for (let i = 0; i <= length; i++) {
    for (; bad < malformed.count && malformed.row[bad] <= i; bad++) {
      malformed.start[bad] = i + bad
      malformed.end[bad] = i + bad + 1
    }
    if (i === length) return
    start[i] = i + bad
    end[i] = i + bad + 1
  }
}

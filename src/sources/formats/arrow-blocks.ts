import { createReadStream } from 'node:fs'
import { arrow, copyRows, hasAllColumns } from '../../core/rows/arrow.js'
import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import { ExpectedError } from '../../errors.js'
import type { SourceBlock } from '../source.js'

/** Rows of an Arrow IPC file or stream; positions count rows. */
export async function* arrowBlocks(
  path: string,
  position: number,
  rows: RowBuffer,
): AsyncGenerator<SourceBlock, void, void> {
  const reader = await arrow().RecordBatchReader.from(createReadStream(path))
  let base = 0
  for await (const batch of reader) {
    if (!hasAllColumns(batch))
      throw new ExpectedError(`${path} is an Arrow file without the columns of rows`, [
        'its columns must be HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT, BX_COUNTER, TDC_MEAS',
      ])
    for (let row = Math.max(0, position - base); row < batch.numRows; ) {
      const count = Math.min(batch.numRows - row, rows.capacity)
      clearRows(rows)
      copyRows(batch, row, count, rows, { start: 0, end: 0 })
      numberRows(rows)
      yield { rows, text: undefined, base: base + row, next: base + row + count }
      row += count
    }
    base += batch.numRows
  }
}

/** Sets extents to row numbers, malformed rows counted in. */
export function numberRows(rows: RowBuffer): void {
  const { malformed, start, end } = rows
  let bad = 0
  for (let i = 0; i < rows.length; i++) {
    for (; bad < malformed.count && malformed.row[bad] <= i; bad++) malformed.start[bad] = i + bad
    start[i] = i + bad
    end[i] = i + bad + 1
  }
  for (; bad < malformed.count; bad++) malformed.start[bad] = rows.length + bad
  for (let k = 0; k < malformed.count; k++) malformed.end[k] = malformed.start[k] + 1
}

import { open } from 'node:fs/promises'
import { arrow, copyRows, hasAllColumns } from '../../core/rows/arrow.js'
import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import { ExpectedError } from '../../errors.js'
import { endsBefore } from '../ends-before.js'
import type { SourceBlock } from '../source.js'
import { numberRows } from './number-rows.js'

/** Copied rows get extents of their own at once. */
const NO_EXTENT = { start: 0, end: 0 }

/** Rows of an Arrow IPC file or stream, a record batch at a time; positions count rows. */
export async function* arrowBlocks(
  path: string,
  position: number,
  rows: RowBuffer,
): AsyncGenerator<SourceBlock, void, void> {
  const handle = await open(path)
  try {
    const reader = await arrow().RecordBatchReader.from(handle)
    let base = 0
    for await (const batch of reader) {
      if (!hasAllColumns(batch)) throw withoutColumns(path)
      for (let row = Math.max(0, position - base); row < batch.numRows; ) {
        const count = Math.min(batch.numRows - row, rows.capacity)
        clearRows(rows)
        copyRows(batch, row, count, rows, NO_EXTENT)
        numberRows(rows)
        yield { rows, text: undefined, base: base + row, next: base + row + count }
        row += count
      }
      base += batch.numRows
    }
    if (base < position) throw endsBefore(path, base, 'row', position)
  } finally {
    await handle.close()
  }
}

function withoutColumns(path: string): ExpectedError {
  return new ExpectedError(`${path} is an Arrow file without the columns of rows`, [
    'its columns must be HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT, BX_COUNTER, TDC_MEAS',
  ])
}

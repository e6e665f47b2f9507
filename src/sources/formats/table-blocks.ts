import type { RecordBatch } from 'apache-arrow'
import { HITS_SCHEMA } from '../../core/hits/hits-table.js'
import { copyRows, hasAllColumns } from '../../core/rows/arrow.js'
import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import { ExpectedError } from '../../errors.js'
import { endsBefore } from '../ends-before.js'
import type { SourceBlock } from '../source.js'
import type { Stored } from '../stored.js'
import type { ArrowBatches, withBatches } from './arrow-batches.js'
import { numberRows } from './number-rows.js'

/** Copied rows get extents of their own at once. */
const NO_EXTENT = { start: 0, end: 0 }

/** Opens a table, and closes it when `use` has ended. */
type OpenTable = typeof withBatches

/** Rows of a table, a record batch at a time; positions count rows. */
export function tableBlocks(
  open: OpenTable,
  stored: Stored,
  position: number,
  rows: RowBuffer,
): AsyncGenerator<SourceBlock, void, void> {
  return open(stored, (arrow) => blocksOf(arrow, stored.name, position, rows))
}

async function* blocksOf(
  { batches }: ArrowBatches,
  name: string,
  position: number,
  rows: RowBuffer,
): AsyncGenerator<SourceBlock, void, void> {
  let base = 0
  for await (const batch of batches) {
    if (!hasAllColumns(batch)) throw withoutColumns(name, batch)
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
  if (base < position) throw endsBefore(name, base, 'row', position)
}

function withoutColumns(name: string, { schema }: RecordBatch): ExpectedError {
  if (schema.metadata.get('schema') === HITS_SCHEMA)
    return new ExpectedError(`${name} holds recorded hits, but is not where they are recorded`, [
      'they are read from run=R/hour=H/ under the name that they were written with',
    ])
  return new ExpectedError(`${name} is a table without the columns of rows`, [
    'its columns must be HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT, BX_COUNTER, TDC_MEAS',
  ])
}

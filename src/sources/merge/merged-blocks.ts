import { malformedBefore } from '../../core/rows/malformed-within.js'
import type { RowBuffer } from '../../core/rows/row-buffer.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { endsBefore } from '../ends-before.js'
import { numberRows } from '../formats/number-rows.js'
import type { SourceBlock } from '../source.js'
import { type MergedPart, MergedRows } from './merged-rows.js'

/** The rows of parts merged, in blocks whose positions count records: rows, what could not be read, and ends of runs. */
export async function* mergedBlocks(
  parts: readonly MergedPart[],
  run: RunFile,
  position: number,
  rows: RowBuffer,
  name: string,
): AsyncGenerator<SourceBlock, void, void> {
  let at = 0
  for await (const block of new MergedRows(parts, run).read(rows)) {
    const records = block.kind === 'end' ? 1 : rows.length + rows.malformed.count
    const base = at
    at += records
    if (at <= position) continue
    if (block.kind === 'end') yield { rows: nothing(rows), text: undefined, base, next: at, endsRun: true }
    else {
      dropRecords(rows, Math.max(0, position - base))
      numberRows(rows)
      yield { rows, text: undefined, base: Math.max(base, position), next: at }
    }
  }
  if (at < position) throw endsBefore(name, at, 'row', position)
}

function nothing(rows: RowBuffer): RowBuffer {
  rows.length = 0
  rows.malformed.count = 0
  return rows
}

/** Takes the first records away, of which what could not be read stands before its row. */
function dropRecords(rows: RowBuffer, count: number): void {
  if (count === 0) return
  const { malformed, columns } = rows
  let rowsGone = 0
  while (rowsGone < rows.length && rowsGone + malformedBefore(rows, rowsGone + 1) < count) rowsGone++
  const malformedGone = count - rowsGone
  for (const column of Object.values(columns)) column.copyWithin(0, rowsGone, rows.length)
  malformed.row.copyWithin(0, malformedGone, malformed.count)
  rows.length -= rowsGone
  malformed.count -= malformedGone
  for (let i = 0; i < malformed.count; i++) malformed.row[i] -= Math.min(rowsGone, malformed.row[i])
}

import { fromResultBatch, missingColumns } from '../../core/results/arrow-results.js'
import type { Result } from '../../core/results/result.js'
import { ExpectedError } from '../../errors.js'
import { type ArrowBatches, BrokenArrow, withBatches } from '../formats/arrow-batches.js'
import { withParquetBatches } from '../formats/parquet-batches.js'
import type { Stored } from '../stored.js'
import type { Foreign } from './foreign.js'

type ReadTable = (stored: Stored, onForeign: (foreign: Foreign) => void) => AsyncGenerator<Result>

/** The results of an Arrow IPC file or stream, a record batch at a time; why there are none, or no more, is told. */
export const readArrow: ReadTable = (stored, onForeign) => readTable(withBatches, 'Arrow IPC', stored, onForeign)

/** The same of a Parquet file. */
export const readParquet: ReadTable = (stored, onForeign) => readTable(withParquetBatches, 'Parquet', stored, onForeign)

async function* readTable(
  open: typeof withBatches,
  format: string,
  stored: Stored,
  onForeign: (foreign: Foreign) => void,
): AsyncGenerator<Result> {
  const tell = (where: string, reason: string) => onForeign({ where, reason, text: '' })
  let row = 0
  try {
    for await (const result of open(stored, resultsIn)) {
      row++
      if (typeof result !== 'string') yield result
      else tell(`${stored.name}, row ${row}`, result)
    }
  } catch (error) {
    // the disk's errors have a code, a bucket's their words; those of the format have neither
    if (error instanceof ExpectedError || (error as NodeJS.ErrnoException).code !== undefined) throw error
    const { message } = error as Error
    tell(stored.name, error instanceof BrokenArrow ? message : `it cannot be read as ${format}: ${message}`)
  }
}

/** Results row by row, or why a row is none. */
async function* resultsIn({ schema, batches }: ArrowBatches): AsyncGenerator<Result | string, void, void> {
  const missing = missingColumns(schema)
  if (missing.length > 0) throw new BrokenArrow(`it is a table without the column ${missing[0]} of results`)
  for await (const batch of batches) yield* fromResultBatch(batch)
}

import type { FileHandle } from 'node:fs/promises'
import type { RecordBatch } from 'apache-arrow'
import { fromResultBatch, missingColumns } from '../../core/results/arrow-results.js'
import type { Result } from '../../core/results/result.js'
import { arrow } from '../../core/rows/arrow.js'
import type { Foreign } from './foreign.js'

/** The results of an Arrow IPC file or stream, a record batch at a time. */
export async function* readArrowFile(
  file: string,
  handle: FileHandle,
  onForeign: (foreign: Foreign) => void,
): AsyncGenerator<Result> {
  const tell = (where: string, reason: string) => onForeign({ where, reason, text: '' })
  let row = 0
  for await (const batch of batchesOf(handle)) {
    if (typeof batch === 'string') tell(file, batch)
    else
      for (const result of fromResultBatch(batch)) {
        row++
        if (typeof result === 'string') tell(`${file}, row ${row}`, result)
        else yield result
      }
  }
}

/** Record batches with the columns of results; a last text says why there are none, or no more. */
async function* batchesOf(handle: FileHandle): AsyncGenerator<RecordBatch | string> {
  try {
    const reader = await arrow().RecordBatchReader.from(handle)
    await reader.open()
    const missing = missingColumns(reader.schema)
    if (missing.length > 0) yield `it is a table without the column ${missing[0]} of results`
    else yield* reader
  } catch (error) {
    // the disk's errors have a code; those of the format have none
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error
    yield `it cannot be read as Arrow IPC: ${(error as Error).message}`
  }
}

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
  const broken = await brokenness(handle)
  if (broken !== undefined) return yield broken
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

const FILE_MARK = 'ARROW1'
/** What a stream begins with: there is more to come. */
const STREAM_MARK = 0xffffffff

/** Why the bytes are no Arrow IPC file or stream, where that shows at their ends. */
async function brokenness(handle: FileHandle): Promise<string | undefined> {
  const { size } = await handle.stat()
  const first = Buffer.alloc(FILE_MARK.length)
  const last = Buffer.alloc(FILE_MARK.length)
  await handle.read(first, 0, first.length, 0)
  if (first.readUInt32LE(0) === STREAM_MARK) return undefined
  if (first.toString('latin1') !== FILE_MARK) return 'it does not begin as Arrow IPC does'
  await handle.read(last, 0, last.length, Math.max(0, size - last.length))
  return last.toString('latin1') === FILE_MARK && size > 2 * FILE_MARK.length
    ? undefined
    : 'it is an Arrow IPC file cut short'
}

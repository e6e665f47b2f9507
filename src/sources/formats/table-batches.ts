import type { RecordBatch } from 'apache-arrow'
import { arrow } from '../../core/rows/arrow.js'
import { isSoundArrow } from '../../core/rows/arrow-check.js'
import { ExpectedError } from '../../errors.js'
import { fromParquet, LARGEST_PARQUET_BYTES } from '../../parquet.js'

/** Rows of a record batch that a Parquet file is taken apart into. */
const BATCH_ROWS = 65_536

/**
 * The record batches of a Parquet file that has been read whole.
 * @throws ExpectedError where it is none, or too large; it names the file
 */
export async function parquetBatches(name: string, file: Uint8Array): Promise<Iterable<RecordBatch>> {
  if (file.length > LARGEST_PARQUET_BYTES)
    throw new ExpectedError(
      `${name} is larger than the ${LARGEST_PARQUET_BYTES / 1024 ** 2} MiB that a Parquet file may have here`,
      ['write it as several files, or as Arrow'],
    )
  try {
    return arrow().RecordBatchReader.from(await fromParquet(file, BATCH_ROWS))
  } catch {
    throw new ExpectedError(`cannot read ${name}: it is no Parquet file, or not a whole one`, [
      'check that it is whole and of the kind its name says',
    ])
  }
}

/** As `parquetBatches`, for an Arrow IPC file or stream. */
export function arrowBatches(name: string, file: Uint8Array): Iterable<RecordBatch> {
  if (!isSoundArrow(file))
    throw new ExpectedError(`cannot read ${name}: it is no Arrow IPC file or stream, or not a whole one`, [
      'check that it is whole and of the kind its name says',
    ])
  return arrow().RecordBatchReader.from(file)
}

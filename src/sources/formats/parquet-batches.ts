import type { RecordBatch } from 'apache-arrow'
import { arrow } from '../../core/rows/arrow.js'
import { ExpectedError } from '../../errors.js'
import { fromParquet, LARGEST_PARQUET_BYTES } from '../../parquet.js'
import type { Stored } from '../stored.js'
import { type ArrowBatches, BrokenArrow } from './arrow-batches.js'

/** Rows of a record batch that a Parquet file is taken apart into. */
const BATCH_ROWS = 65_536
const MIB = 1024 ** 2

/**
 * A Parquet file as record batches. It is read whole: what is in it can be known only from its end.
 * @throws ExpectedError where it is larger than is read whole; `BrokenArrow` or what the reader throws where it is none
 */
export async function* withParquetBatches<T>(
  stored: Stored,
  use: (arrow: ArrowBatches) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const file = await readWhole(stored)
  const reader = arrow().RecordBatchReader.from(await fromParquet(file, BATCH_ROWS))
  reader.open()
  yield* use({ schema: reader.schema, batches: allOf(reader) })
}

async function* allOf(batches: Iterable<RecordBatch>): AsyncGenerator<RecordBatch, void, void> {
  yield* batches
}

async function readWhole(stored: Stored): Promise<Uint8Array> {
  const { name, size } = stored
  if (size === undefined) throw new BrokenArrow('it is a pipe')
  if (size > LARGEST_PARQUET_BYTES)
    throw new ExpectedError(
      `${name} has ${Math.ceil(size / MIB)} MiB, and a Parquet file is read whole: up to ${LARGEST_PARQUET_BYTES / MIB} MiB`,
      ['write it as several files, or as Arrow'],
    )
  const feed = await stored.open(0)
  try {
    const bytes = new Uint8Array(size)
    let filled = 0
    for (let count = -1; count !== 0 && filled < size; filled += count) count = await feed.fill(bytes, filled)
    return bytes.subarray(0, filled)
  } finally {
    await feed.close()
  }
}

import { arrow } from '../../core/rows/arrow.js'
import { ExpectedError } from '../../errors.js'
import { toParquet } from '../../parquet.js'
import { batchWriter } from './arrow.js'
import type { Encoder } from './encoder.js'

/** Results of one file that are held, as Arrow. */
const MOST_BYTES = 256 * 1024 ** 2

/** Results as a Parquet file with the columns of the Arrow file. It can be put together only when all of it is there. */
export function createParquetEncoder(): Encoder {
  const writer = batchWriter(new (arrow().RecordBatchStreamWriter)())
  const held: Uint8Array[] = []
  let bytes = 0
  function hold(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      held.push(piece)
      bytes += piece.length
    }
    if (bytes > MOST_BYTES) throw tooLarge()
  }
  return {
    add(result) {
      hold(writer.add(result))
      return []
    },
    async finish() {
      hold(writer.finish())
      return [await toParquet(Buffer.concat(held))]
    },
  }
}

function tooLarge(): ExpectedError {
  return new ExpectedError(`one Parquet file takes results of up to ${MOST_BYTES / 1024 ** 2} MiB`, [
    'a folder or a prefix, which ends in /, with ?format=parquet gets a file for each result',
    'an Arrow file takes any number',
  ])
}

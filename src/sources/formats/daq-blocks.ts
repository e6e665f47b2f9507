import { parseDaq } from '../../core/rows/daq.js'
import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import type { RawWord } from '../../core/run-file/run-file.js'
import type { SourceBlock } from '../source.js'
import type { ByteFeed } from './byte-feed.js'

const BUFFER_BYTES = 1 << 19

/** Raw DAQ words of a feed whose first byte is at `position`. */
export async function* daqBlocks(
  feed: ByteFeed,
  position: number,
  rows: RowBuffer,
  raw: RawWord,
): AsyncGenerator<SourceBlock, void, void> {
  const buffer = new Uint8Array(BUFFER_BYTES)
  let base = position
  let filled = 0
  for (let final = false; !final; ) {
    const count = await feed.fill(buffer, filled)
    final = count === 0
    filled += count
    let done = 0
    for (let stop = -1; stop !== done && done < filled; ) {
      stop = done
      clearRows(rows)
      done = parseDaq(buffer, done, filled, rows, final, raw)
      if (rows.length > 0 || rows.malformed.count > 0) yield { rows, text: undefined, base, next: base + done }
    }
    buffer.copyWithin(0, done, filled)
    base += done
    filled -= done
  }
}

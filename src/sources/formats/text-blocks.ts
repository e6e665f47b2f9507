import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import { parseText } from '../../core/rows/text.js'
import { addMalformed } from '../../core/rows/text-unusual.js'
import type { SourceBlock } from '../source.js'
import type { ByteFeed } from './byte-feed.js'

/** Bytes held at once; a line that does not fit is malformed. */
const BUFFER_BYTES = 1 << 20
const NEWLINE = 10

/** Text rows of a feed whose first byte is at `position`. A row cut by the buffer's edge is carried over. */
export async function* textBlocks(
  feed: ByteFeed,
  position: number,
  rows: RowBuffer,
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
      done = parseText(buffer, done, filled, rows, final)
      if (rows.length > 0 || rows.malformed.count > 0) yield { rows, text: buffer, base, next: base + done }
    }
    if (done === 0 && filled === buffer.length) {
      const skipped = await skipLine(feed, buffer)
      clearRows(rows)
      addMalformed(rows, 0, filled)
      yield { rows, text: buffer, base, next: base + filled + skipped.passed }
      base += filled + skipped.passed
      filled = skipped.filled
      continue
    }
    buffer.copyWithin(0, done, filled)
    base += done
    filled -= done
  }
}

/** Reads to the end of an overlong line; what follows it is put at the start of a buffer of its own size. */
async function skipLine(feed: ByteFeed, buffer: Uint8Array): Promise<{ passed: number; filled: number }> {
  const piece = new Uint8Array(buffer.length)
  for (let passed = 0; ; ) {
    const count = await feed.fill(piece, 0)
    const newline = piece.subarray(0, count).indexOf(NEWLINE)
    if (count === 0) return { passed, filled: 0 }
    if (newline >= 0) {
      buffer.set(piece.subarray(newline, count), 0)
      return { passed: passed + newline, filled: count - newline }
    }
    passed += count
  }
}

import { clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import { addMalformed } from '../../core/rows/text-unusual.js'
import type { SourceBlock } from '../source.js'
import type { ByteFeed } from './byte-feed.js'

/** How bytes are read as rows. */
export interface ByteFormat {
  /** `parseText`, or a parser that stops as it does */
  parse(bytes: Uint8Array, start: number, end: number, rows: RowBuffer, final: boolean): number
  isText: boolean
}

/** Bytes held at once; a line that does not fit is malformed. */
const BUFFER_BYTES = 1 << 20
const NEWLINE = 10

/** The rows of a feed whose first byte is at `position`. A row cut by the buffer's edge is carried over. */
export async function* byteBlocks(
  feed: ByteFeed,
  position: number,
  rows: RowBuffer,
  format: ByteFormat,
  bufferBytes: number = BUFFER_BYTES,
): AsyncGenerator<SourceBlock, void, void> {
  const buffer = new Uint8Array(bufferBytes)
  const text = format.isText ? buffer : undefined
  let base = position
  let filled = 0
  for (let final = false; !final; ) {
    const count = await feed.fill(buffer, filled)
    final = count === 0
    filled += count
    let done = 0
    for (let before = -1; before !== done && done < filled; ) {
      before = done
      clearRows(rows)
      done = format.parse(buffer, done, filled, rows, final)
      if (rows.length > 0 || rows.malformed.count > 0) yield { rows, text, base, next: base + done }
    }
    if (done === 0 && filled === buffer.length) {
      const { passed, rest } = await passLine(feed, buffer.length)
      clearRows(rows)
      addMalformed(rows, 0, filled)
      const next = base + filled + passed
      yield { rows, text, base, next }
      buffer.set(rest)
      base = next
      filled = rest.length
    } else {
      buffer.copyWithin(0, done, filled)
      base += done
      filled -= done
    }
  }
}

/** Reads to the end of a line: how many bytes that were, its newline included, and what was read behind it. */
async function passLine(feed: ByteFeed, pieceBytes: number): Promise<{ passed: number; rest: Uint8Array }> {
  const piece = new Uint8Array(pieceBytes)
  for (let passed = 0; ; ) {
    const count = await feed.fill(piece, 0)
    const newline = piece.subarray(0, count).indexOf(NEWLINE)
    if (newline >= 0) return { passed: passed + newline + 1, rest: piece.subarray(newline + 1, count) }
    if (count === 0) return { passed, rest: piece.subarray(0, 0) }
    passed += count
  }
}

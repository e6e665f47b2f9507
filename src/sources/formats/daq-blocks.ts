import { parseDaq } from '../../core/rows/daq.js'
import type { RowBuffer } from '../../core/rows/row-buffer.js'
import type { RawWord } from '../../core/run-file/run-file.js'
import type { SourceBlock } from '../source.js'
import { byteBlocks } from './byte-blocks.js'
import type { ByteFeed } from './byte-feed.js'

/** Raw words of a feed whose first byte is at `position`; `bufferBytes` as in `byteBlocks`. */
export function daqBlocks(
  feed: ByteFeed,
  position: number,
  rows: RowBuffer,
  raw: RawWord,
  bufferBytes?: number,
): AsyncGenerator<SourceBlock, void, void> {
  const parse = (bytes: Uint8Array, start: number, end: number, into: RowBuffer, final: boolean) =>
    parseDaq(bytes, start, end, into, final, raw)
  return byteBlocks(feed, position, rows, { parse, isText: false }, bufferBytes)
}

import type { RowBuffer } from '../../core/rows/row-buffer.js'
import { parseText } from '../../core/rows/text.js'
import type { SourceBlock } from '../source.js'
import { byteBlocks } from './byte-blocks.js'
import type { ByteFeed } from './byte-feed.js'

/** Text rows of a feed whose first byte is at `position`; `bufferBytes` as in `byteBlocks`. */
export function textBlocks(
  feed: ByteFeed,
  position: number,
  rows: RowBuffer,
  bufferBytes?: number,
): AsyncGenerator<SourceBlock, void, void> {
  return byteBlocks(feed, position, rows, { parse: parseText, isText: true }, bufferBytes)
}

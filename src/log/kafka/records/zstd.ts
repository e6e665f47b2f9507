import type { Decompress } from 'fzstd'
import { LimitError } from './limit.js'

const SINGLE_SEGMENT = 0x20
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
/** The last is 8, of which 6 are more than enough. */
const CONTENT_SIZE_BYTES = [1, 2, 4, 6]

/** @throws LimitError where more than `limit` bytes come out, or are needed to look back on */
export function uncompressZstd(stored: Buffer, limit: number, Decompressor: typeof Decompress): Buffer {
  if (windowBytes(stored) > limit) throw new LimitError()
  const blocks: Uint8Array[] = []
  let size = 0
  const decompressor = new Decompressor((block) => {
    size += block.length
    if (size > limit) throw new LimitError()
    blocks.push(block)
  })
  decompressor.push(stored, true)
  return Buffer.concat(blocks, size)
}

/** How far back the first frame looks, bytes: its content's size, where it says that this is all. */
function windowBytes(frame: Buffer): number {
  const flags = frame[4]
  if (flags & SINGLE_SEGMENT) {
    const at = 5 + DICTIONARY_ID_BYTES[flags & 3]
    return frame.readUIntLE(at, CONTENT_SIZE_BYTES[flags >> 6])
  }
  return 2 ** (10 + (frame[5] >> 3)) * (1 + (frame[5] & 7) / 8)
}

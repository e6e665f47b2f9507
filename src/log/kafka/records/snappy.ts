import { LimitError } from './limit.js'

/** How Java's clients begin: a magic, then the version of the framing and the oldest one that reads it. */
const FRAMING_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const FRAMING_HEADER_BYTES = 16

/**
 * Snappy in either form that producers send: one raw block, or Java's framing of raw blocks, each behind its length.
 * `uncompressBlock` does a raw block.
 * @throws LimitError where the blocks say that they make more than `limit` bytes
 */
export function uncompressSnappy(stored: Buffer, limit: number, uncompressBlock: (block: Buffer) => Buffer): Buffer {
  const blocks = blocksIn(stored)
  const size = blocks.reduce((sum, block) => sum + blockSize(block), 0)
  if (size > limit) throw new LimitError()
  return blocks.length === 1 ? uncompressBlock(blocks[0]) : Buffer.concat(blocks.map(uncompressBlock))
}

function blocksIn(stored: Buffer): Buffer[] {
  if (!stored.subarray(0, FRAMING_MAGIC.length).equals(FRAMING_MAGIC)) return [stored]
  const blocks: Buffer[] = []
  for (let at = FRAMING_HEADER_BYTES; at < stored.length; ) {
    const end = at + 4 + stored.readUInt32BE(at)
    if (end > stored.length) throw new Error('a block is cut off')
    blocks.push(stored.subarray(at + 4, end))
    at = end
  }
  return blocks
}

/** What a raw block says that it makes, bytes: a number of at most 32 bits, seven of them a byte, least first. */
function blockSize(block: Uint8Array): number {
  let size = 0
  for (let i = 0; i < 5; i++) {
    size += (block[i] & 0x7f) * 2 ** (7 * i)
    if (!(block[i] & 0x80)) return size
  }
  throw new Error('a block has no length')
}

const MAGIC = 0x184d2204
const HAS_BLOCK_CHECKSUMS = 0x10
const HAS_CONTENT_SIZE = 0x08
const HAS_DICTIONARY = 0x01
const IS_PLAIN = 0x8000_0000
/** A byte of a compressed block stands for at most so many. */
const LARGEST_RATIO = 255

/**
 * The most bytes that an LZ4 frame can make, told from the lengths of its blocks without decompressing them; 0 where
 * it is none.
 */
export function lz4FrameBound(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) return 0
  const flags = frame[4]
  const largestBlock = 256 * 4 ** ((frame[5] >> 4) & 7)
  const checksumBytes = flags & HAS_BLOCK_CHECKSUMS ? 4 : 0
  let at = 7 + (flags & HAS_CONTENT_SIZE ? 8 : 0) + (flags & HAS_DICTIONARY ? 4 : 0)
  let bound = 0
  while (at + 4 <= frame.length) {
    const word = frame.readUInt32LE(at)
    if (word === 0) break
    const size = word % IS_PLAIN
    bound += word >= IS_PLAIN ? size : Math.min(largestBlock, size * LARGEST_RATIO)
    at += 4 + size + checksumBytes
  }
  return bound
}

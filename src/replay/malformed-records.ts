import { malformedWithin } from '../core/rows/malformed-within.js'
import { MESSAGE_KIND } from '../log/log.js'
import type { SourceBlock } from '../sources/source.js'
import type { PartitionWriter } from './partition-writer.js'

const RETURN = Uint8Array.of(13)
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf)
/** Far longer than any record: what is cut here stays malformed, and fits into a message everywhere. */
const LONGEST_BYTES = 64 * 1024
const encoder = new TextEncoder()

/**
 * Writes the malformed records among rows [from, to) of a block, each as a message of its own, in turn to all
 * partitions. They go on as they are; what was not text has no text, and is told by its place.
 */
export function writeMalformed(
  block: SourceBlock,
  from: number,
  to: number,
  writers: readonly PartitionWriter[],
): void {
  const { malformed } = block.rows
  const [first, last] = malformedWithin(block.rows, from, to)
  for (let k = first; k < last; k++) {
    const writer = writers[k % writers.length]
    if (block.text) writeText(block.text, malformed.start[k], malformed.end[k], writer)
    else {
      const place = encoder.encode(`not a record: ${block.base + malformed.start[k]}`)
      writer.write(place, 0, place.length)
    }
    writer.finish(MESSAGE_KIND.text)
  }
}

/** Who reads a line takes a byte order mark and a carriage return off its ends: a record that has them itself gets others. */
function writeText(text: Uint8Array, start: number, end: number, writer: PartitionWriter): void {
  if (BYTE_ORDER_MARK.every((byte, i) => text[start + i] === byte)) writer.write(BYTE_ORDER_MARK, 0, 3)
  writer.write(text, start, Math.min(end, start + LONGEST_BYTES))
  if (text[end - 1] === RETURN[0]) writer.write(RETURN, 0, 1)
}

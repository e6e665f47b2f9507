import type { BatchHeader } from './batch-header.js'
import { BadRecords } from './failures.js'
import { readVarint, skipVarlong } from './varint.js'

/** A transaction that was aborted, as a fetch response lists it. */
export interface AbortedTransaction {
  readonly producerId: bigint | string
  /** offset of its first message in the partition */
  readonly firstOffset: bigint | number | string
}

/** What of a batch's header counts here. */
export type FilteredBatch = Pick<BatchHeader, 'lastOffset' | 'transactional' | 'control' | 'producerId'>

const ABORT_MARKER = 0

/**
 * Tells which record batches of a partition belong to aborted transactions: a producer's transactional batches from a
 * listed first offset on, until its abort marker. It has to see every batch, in order.
 */
export class AbortFilter {
  /** by first offset, the next one last */
  private readonly ahead: { producerId: bigint; firstOffset: number }[]
  private readonly aborting = new Set<bigint>()

  /** The broker lists transactions by their end, so that they come in any order of their beginnings. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.ahead = aborted
      .map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), firstOffset: Number(firstOffset) }))
      .sort((a, b) => b.firstOffset - a.firstOffset)
  }

  /** Whether the batch's messages are to be passed over; `records` is asked for only where the batch holds a marker. */
  isAborted(header: FilteredBatch, records: () => Uint8Array): boolean {
    if (!header.transactional) return false
    for (let next = this.ahead.at(-1); next && next.firstOffset <= header.lastOffset; next = this.ahead.at(-1)) {
      this.aborting.add(next.producerId)
      this.ahead.pop()
    }
    if (!this.aborting.has(header.producerId)) return false
    if (header.control && markerType(records()) === ABORT_MARKER) this.aborting.delete(header.producerId)
    return true
  }
}

/**
 * The type of the marker in a control batch: the second 16-bit number of the key of its only record.
 * @throws BadRecords where there is none
 */
function markerType(bytes: Uint8Array): number {
  const cursor = { at: 0 }
  readVarint(bytes, cursor)
  cursor.at++
  skipVarlong(bytes, cursor)
  readVarint(bytes, cursor)
  const keySize = readVarint(bytes, cursor)
  if (keySize < 4 || cursor.at + keySize > bytes.length) throw new BadRecords("a transaction's marker has no type")
  return (bytes[cursor.at + 2] << 8) | bytes[cursor.at + 3]
}

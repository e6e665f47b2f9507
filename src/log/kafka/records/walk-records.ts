import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import { BadRecords } from './failures.js'
import { UNMARKED } from './marks.js'
import { RecordColumns, type Records } from './record-columns.js'
import { kindByMark, kindByValue } from './record-kind.js'
import { type Cursor, readVarint, skipVarlong } from './varint.js'

/** A record has at least its length, attributes, time, offset, no key, no value, no headers. */
const SMALLEST_RECORD = 7

/** The records to walk: `count` of them in `bytes`, with offsets from `baseOffset` to `lastOffset`, wanted from `from` on. */
export interface RecordSpan {
  readonly bytes: Uint8Array
  readonly count: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly from: number
}

/**
 * The wanted records as columns, and whether all of them are marked as keyed by orbit.
 * @throws BadRecords where the bytes aren't such records
 */
export function walkRecords(span: RecordSpan): Records & { keyedByOrbit: boolean } {
  const { bytes, count, baseOffset, lastOffset, from } = span
  if (count < 0 || count > bytes.length / SMALLEST_RECORD) throw new BadRecords(`it can't hold ${count} records`)
  const columns = new RecordColumns(count)
  const cursor = { at: 0 }
  let keyedByOrbit = true
  let previous = -1
  for (let i = 0; i < count; i++) {
    const recordEnd = enterRecord(bytes, cursor)
    const delta = readVarint(bytes, cursor)
    if (delta <= previous || delta > lastOffset - baseOffset) throw new BadRecords('offsets are out of order')
    previous = delta
    if (baseOffset + delta < from) {
      cursor.at = recordEnd
      continue
    }
    const keySize = readVarint(bytes, cursor)
    if (keySize > 0) cursor.at += keySize
    const valueSize = readVarint(bytes, cursor)
    const start = cursor.at
    const end = valueSize > 0 ? start + valueSize : start
    if (end >= recordEnd) throw new BadRecords('a value is longer than its record')
    cursor.at = end
    let kind = kindByMark(bytes, cursor, recordEnd)
    // an end mark has no value and nothing else lacks one: another mark is not ours
    if (kind === UNMARKED || (kind === MESSAGE_KIND.end) !== valueSize < 0) {
      keyedByOrbit = false
      kind = kindByValue(bytes, start, end)
    }
    columns.add(delta, start, end, kind)
  }
  if (cursor.at !== bytes.length) throw new BadRecords('it has bytes behind its last record')
  return { ...columns.records(baseOffset), keyedByOrbit }
}

/** Passes over what a record begins with, up to its offset, and gives where it ends. */
function enterRecord(bytes: Uint8Array, cursor: Cursor): number {
  const size = readVarint(bytes, cursor)
  const end = cursor.at + size
  if (size < 0 || end > bytes.length) throw new BadRecords('a record is longer than the batch')
  cursor.at++ // attributes, of which there are none yet
  skipVarlong(bytes, cursor)
  return end
}

import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import { BadRecords } from './failures.js'
import { UNMARKED } from './marks.js'
import { kindByMark, kindByValue } from './record-kind.js'
import { readVarint, skipVarlong } from './varint.js'

/** A record has at least its length, attributes, time, offset, no key, no value, no headers. */
const SMALLEST_RECORD = 7

/** The records of a batch from an offset on, as columns: record i has the value bytes[start[i], end[i]). */
export interface WalkedRecords {
  count: number
  start: Uint32Array
  end: Uint32Array
  kind: Uint8Array
  /** offset of the first record */
  firstOffset: number
  /** only where offsets have holes */
  offsets?: Float64Array
  keyedByOrbit: boolean
}

/** The records to walk: `count` of them in `bytes`, with offsets from `baseOffset` to `lastOffset`, wanted from `from` on. */
export interface RecordSpan {
  readonly bytes: Uint8Array
  readonly count: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly from: number
}

/** @throws BadRecords, in a few words, where the bytes aren't such records */
export function walkRecords({ bytes, count, baseOffset, lastOffset, from }: RecordSpan): WalkedRecords {
  if (count < 0 || count > bytes.length / SMALLEST_RECORD) throw new BadRecords(`it can't hold ${count} records`)
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  const kind = new Uint8Array(count)
  const firstWanted = from - baseOffset
  const lastDelta = lastOffset - baseOffset
  const cursor = { at: 0 }
  let kept = 0
  let keyedByOrbit = true
  let firstDelta = 0
  let previousDelta = -1
  let deltas: Float64Array | undefined
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes, cursor)
    const recordEnd = cursor.at + size
    if (size < 0 || recordEnd > bytes.length) throw new BadRecords('a record is longer than the batch')
    cursor.at++ // attributes, of which there are none yet
    skipVarlong(bytes, cursor)
    const delta = readVarint(bytes, cursor)
    if (delta <= previousDelta || delta > lastDelta) throw new BadRecords('offsets are out of order')
    previousDelta = delta
    if (delta < firstWanted) {
      cursor.at = recordEnd
      continue
    }
    const keySize = readVarint(bytes, cursor)
    if (keySize > 0) cursor.at += keySize
    const valueSize = readVarint(bytes, cursor)
    const valueStart = cursor.at
    const valueEnd = valueSize > 0 ? valueStart + valueSize : valueStart
    if (valueEnd >= recordEnd) throw new BadRecords('a value is longer than its record')
    cursor.at = valueEnd
    let ownKind = kindByMark(bytes, cursor, recordEnd)
    // an end mark has no value and nothing else lacks one: another mark is not ours
    if (ownKind === UNMARKED || (ownKind === MESSAGE_KIND.end) !== valueSize < 0) {
      keyedByOrbit = false
      ownKind = kindByValue(bytes, valueStart, valueEnd)
    }
    if (kept === 0) firstDelta = delta
    else if (deltas === undefined && delta !== firstDelta + kept) deltas = runningOn(firstDelta, kept, count)
    if (deltas !== undefined) deltas[kept] = delta
    start[kept] = valueStart
    end[kept] = valueEnd
    kind[kept] = ownKind
    kept++
  }
  if (cursor.at !== bytes.length) throw new BadRecords('it has bytes behind its last record')
  return {
    count: kept,
    start: start.subarray(0, kept),
    end: end.subarray(0, kept),
    kind: kind.subarray(0, kept),
    firstOffset: baseOffset + firstDelta,
    keyedByOrbit,
    ...(deltas ? { offsets: deltas.subarray(0, kept).map((delta) => baseOffset + delta) } : {}),
  }
}

/** The first `count` numbers from `first` on, with room for `capacity`. */
function runningOn(first: number, count: number, capacity: number): Float64Array {
  const numbers = new Float64Array(capacity)
  for (let i = 0; i < count; i++) numbers[i] = first + i
  return numbers
}

import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'
import { BadRecords } from './failures.js'
import { KIND_OF_LETTER, MARK_PREFIX, MARK_SIZE, UNMARKED } from './marks.js'
import { type Cursor, readVarint } from './varint.js'

const [COUNT, KEY_SIZE, D, T, VALUE_SIZE] = MARK_PREFIX

/**
 * MESSAGE_KIND by the mark among a record's headers, which are bytes[cursor, end); UNMARKED where there is none. The
 * cursor comes to stand behind them.
 * @throws BadRecords where they don't end there
 */
export function kindByMark(bytes: Uint8Array, cursor: Cursor, end: number): number {
  const { at } = cursor
  // without headers, or with the mark alone, which is what nearly all records have
  if (at + 1 === end && bytes[at] === 0) {
    cursor.at = end
    return UNMARKED
  }
  if (at + MARK_SIZE === end && bytes[at] === COUNT && isMarkKey(bytes, at + 1) && bytes[at + 4] === VALUE_SIZE) {
    cursor.at = end
    return KIND_OF_LETTER[bytes[at + 5]]
  }
  return kindAmongHeaders(bytes, cursor, end)
}

function isMarkKey(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === KEY_SIZE && bytes[at + 1] === D && bytes[at + 2] === T
}

function kindAmongHeaders(bytes: Uint8Array, cursor: Cursor, end: number): number {
  const count = readVarint(bytes, cursor)
  let kind = UNMARKED
  for (let i = 0; i < count && cursor.at < end; i++) {
    const isMark = isMarkKey(bytes, cursor.at)
    const keySize = readVarint(bytes, cursor)
    if (keySize < 0) throw new BadRecords('a header has no key')
    cursor.at += keySize
    const size = readVarint(bytes, cursor)
    if (isMark && size === 1 && kind === UNMARKED) kind = KIND_OF_LETTER[bytes[cursor.at]]
    cursor.at += Math.max(0, size)
    if (i === count - 1 && cursor.at === end) return kind
  }
  if (count === 0 && cursor.at === end) return kind
  throw new BadRecords('the headers of a record are cut off')
}

/** MESSAGE_KIND of a value bytes[start, end) from anybody's producer. */
export function kindByValue(bytes: Uint8Array, start: number, end: number): number {
  // how Arrow's IPC stream begins; no text does
  const isArrow =
    bytes[start] === 0xff &&
    end - start >= 4 &&
    bytes[start + 1] === 0xff &&
    bytes[start + 2] === 0xff &&
    bytes[start + 3] === 0xff
  return isArrow ? MESSAGE_KIND.arrow : MESSAGE_KIND.text
}

import { MESSAGE_KIND } from '../../../core/rows/message-batch.js'

/**
 * Our own producers mark every message by a header `dt` with one letter: what its value holds. The mark also says that
 * the producer puts all rows of an orbit into one partition.
 */
export const LETTERS = { text: 't', arrow: 'a', daq: 'd', end: 'e' } as const

/** Of the kind of a message that has no good mark. */
export const UNMARKED = 255

/** The letter of each MESSAGE_KIND, as a byte. */
export const LETTER_OF_KIND = new Uint8Array(4)
/** MESSAGE_KIND by letter; UNMARKED for a byte that is none. */
export const KIND_OF_LETTER = new Uint8Array(256).fill(UNMARKED)
for (const name of Object.keys(LETTERS) as (keyof typeof LETTERS)[]) {
  const letter = LETTERS[name].charCodeAt(0)
  LETTER_OF_KIND[MESSAGE_KIND[name]] = letter
  KIND_OF_LETTER[letter] = MESSAGE_KIND[name]
}

/** A record's headers where the mark is the only one: a count, the key with its length, the length of the letter before it. */
export const MARK_PREFIX = Uint8Array.of(2, 4, 0x64, 0x74, 2)
export const MARK_SIZE = MARK_PREFIX.length + 1

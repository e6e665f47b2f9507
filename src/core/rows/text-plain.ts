import type { RowBuffer } from './row-buffer.js'

const ZERO = 48
const COMMA = 44
const MINUS = 45
const POINT = 46
const NEWLINE = 10
/** The text `0,0,` and `0000` as 32-bit words, first byte highest. */
const ZERO_COMMA_ZERO_COMMA = 0x302c302c
const ZEROS = 0x30303030
/** 10 to the power of the index. */
const POWER = [1, 10, 100, 1000, 10_000]
const LARGEST_BX = 65_535
/** The six decimals that the detector's files have. */
const DECIMALS = 1e6
const LARGEST_ORBIT = 4_294_967_295
/** Its digits, in whole words. */
const LONGEST_ORBIT = 12

/** No row that is read here is longer, its newline and the three bytes that are looked at behind it counted in. */
const LONGEST_PLAIN_ROW = 48

/**
 * Reads the rows from `start` on as long as they are plain, as the detector's files have them: HEAD and FPGA of one digit,
 * TDC_CHANNEL and TDC_MEAS of up to four and the latter with six decimals or none, a newline; and as there is room in `rows` and LONGEST_PLAIN_ROW bytes are left to `end`.
 * Returns where it stopped, at the beginning of a line.
 *
 * Four characters are taken at once as a 32-bit word (`text` is a view on the bytes). Numbers have all lengths, and a branch on
 * the length, which cannot be predicted, takes longer than all the arithmetic does.
 */
export function parsePlainRows(text: DataView, start: number, end: number, rows: RowBuffer): number {
  const { head, fpga, channel, orbit, bx, tdc } = rows.columns
  const rowStart = rows.start
  const rowEnd = rows.end
  const stop = Math.min(end, text.byteLength) - LONGEST_PLAIN_ROW
  let n = rows.length
  let line = start
  while (line <= stop && n < rows.capacity) {
    const lead = text.getInt32(line) ^ ZERO_COMMA_ZERO_COMMA
    const h = lead >>> 24
    const f = (lead >>> 8) & 255
    if ((lead & 0x00ff00ff) !== 0 || h > 9 || f > 9) break

    let at = line + 4
    let word = text.getInt32(at) ^ ZEROS
    let digits = leadingDigits(word)
    const c = numberOf(word, digits)
    at += digits
    if (digits === 0 || text.getUint8(at++) !== COMMA) break

    let o = 0
    let places = 0
    for (digits = 4; digits === 4 && places < LONGEST_ORBIT; places += digits) {
      word = text.getInt32(at) ^ ZEROS
      digits = leadingDigits(word)
      if (digits > 0) o = o * POWER[digits] + numberOf(word, digits)
      at += digits
    }
    if (places === 0 || o > LARGEST_ORBIT || text.getUint8(at++) !== COMMA) break

    word = text.getInt32(at) ^ ZEROS
    digits = leadingDigits(word)
    let b = numberOf(word, digits)
    at += digits
    if (digits === 4) {
      const fifth = text.getUint8(at) ^ ZERO
      if (fifth <= 9) {
        b = b * 10 + fifth
        at++
      }
    }
    if (digits === 0 || b > LARGEST_BX || text.getUint8(at++) !== COMMA) break

    const negative = text.getUint8(at) === MINUS
    if (negative) at++
    word = text.getInt32(at) ^ ZEROS
    digits = leadingDigits(word)
    let t = numberOf(word, digits)
    at += digits
    if (digits === 0) break
    if (text.getUint8(at) === POINT) {
      const first = text.getInt32(at + 1) ^ ZEROS
      const last = text.getInt32(at + 5) ^ ZEROS
      if (leadingDigits(first) !== 4 || leadingDigits(last) !== 2) break
      // a whole number and one division: rounded once, as the number itself would be
      t = (t * DECIMALS + numberOf(first, 4) * 100 + numberOf(last, 2)) / DECIMALS
      at += 7
    }
    if (text.getUint8(at) !== NEWLINE) break
    if (negative) t = -t
    head[n] = h
    fpga[n] = f
    channel[n] = c
    orbit[n] = o
    bx[n] = b
    tdc[n] = t
    rowStart[n] = line
    rowEnd[n] = at
    n++
    line = at + 1
  }
  rows.length = n
  return line
}

/** How many of the four characters, from the first, are digits; `word` is the characters XOR `0000`: digits are 0 to 9. */
function leadingDigits(word: number): number {
  const notDigits = (((word & 0x7f7f7f7f) + 0x76767676) | word) & 0x80808080
  return Math.clz32(notDigits) >>> 3
}

/** The number that the first `digits`, 1 to 4, of the four characters make: pairs of digits first, then the pair of pairs. */
function numberOf(word: number, digits: number): number {
  const aligned = word >>> (32 - 8 * digits)
  const pairs = ((aligned >>> 8) & 0x00ff00ff) * 10 + (aligned & 0x00ff00ff)
  return (pairs >>> 16) * 100 + (pairs & 0xffff)
}

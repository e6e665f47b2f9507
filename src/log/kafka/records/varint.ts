import { BadRecords } from './failures.js'

/** Where the next number is read from. */
export interface Cursor {
  at: number
}

/**
 * A signed number of at most 32 bits, seven of them a byte, least first, zigzag (0, -1, 1, -2, ...). Behind the end
 * of `bytes` it reads zeros, so that the caller only has to compare the cursor with the end afterwards.
 * @throws BadRecords where it is longer than 5 bytes
 */
export function readVarint(bytes: Uint8Array, cursor: Cursor): number {
  let byte = bytes[cursor.at++]
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
  let raw = byte & 0x7f
  for (let shift = 7; shift < 35; shift += 7) {
    byte = bytes[cursor.at++]
    raw |= (byte & 0x7f) << shift
    if (!(byte & 0x80)) return (raw >>> 1) ^ -(raw & 1)
  }
  throw new BadRecords('a number has more than 32 bits')
}

/**
 * Passes over a number of at most 64 bits.
 * @throws BadRecords where it is longer than 10 bytes
 */
export function skipVarlong(bytes: Uint8Array, cursor: Cursor): void {
  for (let length = 1; bytes[cursor.at++] & 0x80; length++) {
    if (length === 10) throw new BadRecords('a number has more than 64 bits')
  }
}

/** Bytes that `writeVarint` takes for a number from 0 to 2^31 - 1. */
export function varintSize(value: number): number {
  return value < 64 ? 1 : value < 8192 ? 2 : value < 1_048_576 ? 3 : value < 134_217_728 ? 4 : 5
}

/** Writes a number from 0 to 2^31 - 1 as `readVarint` reads it, and gives the position behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = (value << 1) >>> 0
  let next = at
  for (; rest > 0x7f; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80
  bytes[next++] = rest
  return next
}

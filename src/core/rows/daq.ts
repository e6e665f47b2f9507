import type { RawWord } from '../run-file/run-file.js'
import type { RowBuffer } from './row-buffer.js'
import { addMalformed } from './text-unusual.js'

export const WORD_BYTES = 8

/**
 * Unpacks raw DAQ words, little-endian unsigned 64 bit, from bytes[start, end) into `rows`; stops like `parseText`.
 * TDC_MEAS is in bits 0-4, BX_COUNTER 5-16, ORBIT_CNT 17-48, TDC_CHANNEL 49-57, FPGA and HEAD above as the layout says.
 * A piece of a word at a final end is one malformed record, as is a word that the offsets take below channel 0.
 */
export function parseDaq(
  bytes: Uint8Array,
  start: number,
  end: number,
  rows: RowBuffer,
  final: boolean,
  raw: RawWord,
): number {
  const { head, fpga, channel, orbit, bx, tdc } = rows.columns
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headShift = raw.layout === 'head2-fpga4' ? 30 : 29
  const fpgaMask = raw.layout === 'head2-fpga4' ? 15 : 7
  const keepsTdc = new Set(raw.tdc_offset_except)
  let at = start
  for (; at + WORD_BYTES <= end && hasRoom(rows); at += WORD_BYTES) {
    const low = words.getUint32(at, true)
    const high = words.getUint32(at + 4, true)
    const rawChannel = (high >>> 17) & 511
    const shifted = rawChannel + raw.channel_offset
    if (shifted < 0) {
      addMalformed(rows, at, at + WORD_BYTES)
      continue
    }
    const n = rows.length++
    head[n] = high >>> headShift
    fpga[n] = (high >>> 26) & fpgaMask
    channel[n] = shifted
    orbit[n] = ((high << 15) | (low >>> 17)) >>> 0
    bx[n] = (low >>> 5) & 4095
    tdc[n] = (low & 31) + (keepsTdc.has(rawChannel) ? 0 : raw.tdc_offset)
    rows.start[n] = at
    rows.end[n] = at + WORD_BYTES
  }
  if (final && at < end && end - at < WORD_BYTES && hasRoom(rows)) {
    addMalformed(rows, at, end)
    return end
  }
  return at
}

function hasRoom({ length, capacity, malformed }: RowBuffer): boolean {
  return length < capacity && malformed.count < capacity
}

/**
 * Packs row `i` into out[at, at + 8), the inverse of `parseDaq`.
 * @returns false where the word cannot hold the row (a HEAD too large for its bits, a decimal or negative TDC_MEAS)
 */
export function formatDaq(columns: RowBuffer['columns'], i: number, raw: RawWord, out: DataView, at: number): boolean {
  const twoBitHead = raw.layout === 'head2-fpga4'
  const rawChannel = columns.channel[i] - raw.channel_offset
  const rawTdc = columns.tdc[i] - (raw.tdc_offset_except.includes(rawChannel) ? 0 : raw.tdc_offset)
  const fits =
    columns.head[i] <= (twoBitHead ? 3 : 7) &&
    columns.fpga[i] <= (twoBitHead ? 15 : 7) &&
    rawChannel >= 0 &&
    rawChannel <= 511 &&
    columns.bx[i] <= 4095 &&
    rawTdc >= 0 &&
    rawTdc <= 31 &&
    Number.isInteger(rawTdc)
  if (!fits) return false
  const orbit = columns.orbit[i]
  const headAndFpga = (columns.head[i] << (twoBitHead ? 30 : 29)) | (columns.fpga[i] << 26)
  out.setUint32(at, ((orbit << 17) | (columns.bx[i] << 5) | rawTdc) >>> 0, true)
  out.setUint32(at + 4, (headAndFpga | (rawChannel << 17) | (orbit >>> 15)) >>> 0, true)
  return true
}

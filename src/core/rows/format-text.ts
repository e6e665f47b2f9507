import type { Columns } from './row-buffer.js'

const ZERO = 48
const COMMA = 44
const MINUS = 45
const POINT = 46
const NEWLINE = 10

/** HEAD of the ancillary words whose TDC_MEAS always has decimals: tan(psi) and local x of a trigger segment. */
const TAN_PSI = 4
const LOCAL_X = 5
/** TDC_MEAS has six decimals, as the readout program writes them. */
const DECIMALS = 6
const SCALE = 10 ** DECIMALS
/** Below this a float32 times SCALE is exact in a double. */
const MAX_SCALED = 2 ** 53 / SCALE
/** Longest text of a float32: a sign and 21 digits, just below where exponents begin. */
const MAX_TDC_BYTES = 22

/** No row is longer as text, its newline included: the digits of each column, five commas, a newline. */
export const MAX_ROW_BYTES = 3 + 3 + 5 + 10 + 5 + MAX_TDC_BYTES + 6

/** The four digits of 0 to 9999. */
const DIGITS = Uint8Array.from({ length: 40_000 }, (_, i) => ZERO + (Math.floor((i >> 2) / 10 ** (3 - (i & 3))) % 10))

/**
 * Writes rows [from, to) as text, `HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS` and a newline each, into `out`
 * from `outStart` on, and returns where it stopped. MAX_ROW_BYTES a row is always room enough.
 *
 * A whole TDC_MEAS is written without decimals, unless HEAD is 4 or 5; any other with six, as in the detector's files, or
 * as the shortest text that reads back to the same float32 where six do not.
 * @param ends if given, entry i takes the end of row `from + i`, behind its newline
 * @throws RangeError when `out` was too small
 */
export function formatRows(
  columns: Columns,
  from: number,
  to: number,
  out: Uint8Array,
  outStart: number,
  ends?: Uint32Array,
): number {
  const { head, fpga, channel, orbit, bx, tdc } = columns
  let at = outStart
  for (let i = from; i < to; i++) {
    const h = head[i]
    if (h < 10) out[at++] = ZERO + h
    else at = putUpTo4(out, at, h)
    out[at++] = COMMA
    const f = fpga[i]
    if (f < 10) out[at++] = ZERO + f
    else at = putUpTo4(out, at, f)
    out[at++] = COMMA
    at = putWhole(out, at, channel[i])
    out[at++] = COMMA
    at = putWhole(out, at, orbit[i])
    out[at++] = COMMA
    at = putWhole(out, at, bx[i])
    out[at++] = COMMA
    const value = tdc[i]
    const whole = value >>> 0
    const withDecimals = h === TAN_PSI || h === LOCAL_X
    at = whole === value && !withDecimals ? putWhole(out, at, whole) : putTdc(out, at, value, withDecimals)
    out[at++] = NEWLINE
    if (ends) ends[i - from] = at
  }
  if (at > out.length) throw new RangeError(`${to - from} rows need ${at - outStart} bytes, more than there are`)
  return at
}

/** An unsigned 32-bit number; `>>> 0` keeps the divisions in integers. */
function putWhole(out: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    out[at] = ZERO + value
    return at + 1
  }
  if (value < 10_000) return putUpTo4(out, at, value)
  const high = (value / 10_000) >>> 0
  const next =
    high < 10_000 ? putUpTo4(out, at, high) : put4(out, putUpTo4(out, at, (high / 10_000) >>> 0), high % 10_000)
  return put4(out, next, (value - high * 10_000) >>> 0)
}

function putUpTo4(out: Uint8Array, at: number, value: number): number {
  let digit = 4 * value
  if (value > 999) out[at++] = DIGITS[digit]
  digit++
  if (value > 99) out[at++] = DIGITS[digit]
  digit++
  if (value > 9) out[at++] = DIGITS[digit]
  out[at++] = DIGITS[digit + 1]
  return at
}

function put4(out: Uint8Array, at: number, value: number): number {
  const digit = 4 * value
  out[at] = DIGITS[digit]
  out[at + 1] = DIGITS[digit + 1]
  out[at + 2] = DIGITS[digit + 2]
  out[at + 3] = DIGITS[digit + 3]
  return at + 4
}

/** A TDC_MEAS that is negative, not whole, or wanted with decimals. */
function putTdc(out: Uint8Array, at: number, value: number, withDecimals: boolean): number {
  const size = Math.abs(value)
  const scaled = Math.round(size * SCALE)
  if (!(size < MAX_SCALED) || Math.fround(scaled / SCALE) !== size) return putText(out, at, shortestText(value))
  const whole = Math.floor(scaled / SCALE)
  if (value < 0 || Object.is(value, -0)) out[at++] = MINUS
  if (!withDecimals && whole === size) return putLong(out, at, whole)
  at = putLong(out, at, whole)
  out[at++] = POINT
  const decimals = scaled - whole * SCALE
  at = put4(out, at, Math.floor(decimals / 100))
  const last = 4 * (decimals % 100)
  out[at++] = DIGITS[last + 2]
  out[at++] = DIGITS[last + 3]
  return at
}

function putLong(out: Uint8Array, at: number, value: number): number {
  return value <= 0xffff_ffff ? putWhole(out, at, value) : putText(out, at, String(value))
}

/** NaN and infinities, which no reader takes for a number, stay visible as what they are. */
function shortestText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(Number(value.toPrecision(9)))
}

function putText(out: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i)
  return at + text.length
}

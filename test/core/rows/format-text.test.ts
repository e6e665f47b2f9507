import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRows, MAX_ROW_BYTES } from '../../../src/core/rows/format-text.js'
import { type Columns, createColumns } from '../../../src/core/rows/row-buffer.js'

/** The file ends without a newline. */
const REAL_ROWS = `${readFileSync(new URL('../../fixtures/minidt_head_72.txt', import.meta.url), 'utf8')}\n`

type Row = [head: number, fpga: number, channel: number, orbit: number, bx: number, tdc: number]

function columnsOf(rows: readonly Row[]): Columns {
  const columns = createColumns(rows.length)
  for (const [i, row] of rows.entries()) {
    columns.head[i] = row[0]
    columns.fpga[i] = row[1]
    columns.channel[i] = row[2]
    columns.orbit[i] = row[3]
    columns.bx[i] = row[4]
    columns.tdc[i] = row[5]
  }
  return columns
}

function parse(text: string): Row[] {
  return text.split('\n').flatMap((line) => (line ? [line.split(',').map(Number) as Row] : []))
}

function format(rows: readonly Row[]): string {
  const out = new Uint8Array(rows.length * MAX_ROW_BYTES)
  return Buffer.from(out.subarray(0, formatRows(columnsOf(rows), 0, rows.length, out, 0))).toString('latin1')
}

const tdcText = (head: number, tdc: number) =>
  format([[head, 0, 0, 0, 0, tdc]])
    .trimEnd()
    .split(',')[5]

test('the real rows come out byte for byte', () => {
  const rows = parse(REAL_ROWS)
  expect(rows.length).toBeGreaterThanOrEqual(72)
  expect(format(rows)).toBe(REAL_ROWS)
})

test.each([
  [2, 0, '0'],
  [2, 29, '29'],
  [2, -5, '-5'],
  [2, 16_777_216, '16777216'],
  [2, 4_294_967_040, '4294967040'],
  [2, 4_294_967_296, '4294967296'],
  [2, 2 ** 40, '1099511600000'],
  [2, 2 ** 80, '1.2089258e+24'],
  [2, 0.5, '0.500000'],
  [2, -0.57373, '-0.573730'],
  [2, 0.1234567, '0.1234567'],
  [2, 1e-7, '1e-7'],
  [2, -1e-45, '-1e-45'],
  [2, 3.4028234663852886e38, '3.4028235e+38'],
  [2, 8_388_607.5, '8388607.500000'],
  [4, 0, '0.000000'],
  [4, -0, '-0.000000'],
  [4, 3, '3.000000'],
  [5, -67.3125, '-67.312500'],
  [5, 0.000001, '0.000001'],
  [5, 999_999.9375, '999999.937500'],
  [3, 45.5, '45.500000'],
  [6, 12, '12'],
  [2, Number.NaN, 'NaN'],
  [4, Number.NEGATIVE_INFINITY, '-Infinity'],
])('with HEAD %d, a TDC_MEAS of %d reads %s', (head, tdc, text) => {
  expect(tdcText(head, tdc)).toBe(text)
})

const row = fc.tuple(
  fc.nat(255),
  fc.nat(255),
  fc.nat(65_535),
  fc.oneof(fc.nat(0xffff_ffff), fc.nat(99_999)),
  fc.nat(65_535),
  fc.oneof(
    fc.nat(30),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.integer().map((n) => Math.fround(n / 64)),
  ),
) as fc.Arbitrary<Row>

test('any row reads back to the same values, and is no longer than MAX_ROW_BYTES', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const text = format(rows)
      const back = parse(text).map((values) => values.map((value, i) => (i === 5 ? Math.fround(value) : value)))
      expect(back).toEqual(
        rows.map((values) => values.map((value) => (Object.is(value, -0) ? expect.toSatisfy((v) => v === 0) : value))),
      )
      for (const line of text.split('\n')) expect(line.length).toBeLessThan(MAX_ROW_BYTES)
    }),
    { numRuns: 1000 },
  )
})

test('every length of a whole number is written, at both of its ends', () => {
  const numbers = Array.from({ length: 10 }, (_, digits) => [10 ** digits - 1, 10 ** digits, 10 ** digits + 1]).flat()
  const orbits = [...numbers, 99_999_999, 4_294_967_295, 4_294_960_000, 10_000, 100_000_000]
  expect(format(orbits.map((orbit) => [2, 0, 0, orbit, 0, 0]))).toBe(
    orbits.map((orbit) => `2,0,0,${orbit},0,0\n`).join(''),
  )
})

test('the longest row fits MAX_ROW_BYTES exactly', () => {
  const longest = format([[255, 255, 65_535, 4_294_967_295, 65_535, Math.fround(-123_456_789e12)]])
  expect(longest).toBe('255,255,65535,4294967295,65535,-123456790000000000000\n')
  expect(longest.length).toBe(MAX_ROW_BYTES)
})

test('writes the rows asked for, where asked, and tells their ends', () => {
  const rows = parse(REAL_ROWS)
  const out = new Uint8Array(500).fill(7)
  const ends = new Uint32Array(4)
  const end = formatRows(columnsOf(rows), 10, 13, out, 100, ends)
  const expected = `${REAL_ROWS.split('\n').slice(10, 13).join('\n')}\n`
  expect(Buffer.from(out.subarray(100, end)).toString()).toBe(expected)
  expect([out[99], out[end]]).toEqual([7, 7])
  expect([...ends]).toEqual([125, 150, 179, 0])
})

test('says so when the rows do not fit', () => {
  const rows = parse(REAL_ROWS)
  expect(() => formatRows(columnsOf(rows), 0, rows.length, new Uint8Array(REAL_ROWS.length - 1), 0)).toThrow(RangeError)
  expect(formatRows(columnsOf(rows), 0, rows.length, new Uint8Array(REAL_ROWS.length), 0)).toBe(REAL_ROWS.length)
})

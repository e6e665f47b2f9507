import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowBuffer, type RowBuffer } from '../../../src/core/rows/row-buffer.js'
import { parseText } from '../../../src/core/rows/text.js'

/** Longer than what is parsed line by line. */
const PLAIN = '2,1,128,3387200947,3563,30\n'.repeat(64)

const field = fc.oneof(
  fc.nat({ max: 12 }).map(String),
  fc.nat({ max: 20_000 }).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 34n }).map(String),
  fc.constantFrom(
    '',
    '0',
    '0007',
    '65535',
    '65536',
    '4294967295',
    '4294967296',
    '-1',
    '1.5',
    '-0.573730',
    'x',
    '1 ',
    '\u00b0',
  ),
)
const line = fc.oneof(
  fc.tuple(fc.nat(5), fc.nat(1), fc.nat(139), fc.nat(0xffff_ffff), fc.nat(3563), fc.nat(30)).map(String),
  fc.array(field, { minLength: 1, maxLength: 7 }).map((fields) => fields.join(',')),
)

/** Rows as they are read one line at a time, a way that has nothing of the quick one. */
function lineByLine(bytes: Uint8Array): unknown[] {
  const rows: unknown[] = []
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at)
    const next = newline < 0 ? bytes.length : newline + 1
    const one = createRowBuffer(1)
    parseText(bytes, at, next, one, true)
    rows.push(...recordsOf(one))
    at = next
  }
  return rows
}

function recordsOf({ columns, length, start, end, malformed }: RowBuffer): unknown[] {
  const { head, fpga, channel, orbit, bx, tdc } = columns
  const rows = Array.from({ length }, (_, i) => ({
    values: [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]],
    start: start[i],
    end: end[i],
  }))
  const unread = Array.from({ length: malformed.count }, (_, i) => ({
    start: malformed.start[i],
    end: malformed.end[i],
  }))
  return [...rows, ...unread].sort((a, b) => a.start - b.start)
}

describe('rows of a long text', () => {
  it('are the same as line by line, whatever stands between plain ones', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.nat(64), fc.boolean(), (lines, before, ended) => {
        const text = `${PLAIN.slice(0, before * 27)}${lines.join('\n')}\n${PLAIN}${ended ? '' : '2,0,1,2,3,4'}`
        const bytes = Buffer.from(text, 'latin1')
        const rows = createRowBuffer(256)
        expect(parseText(bytes, 0, bytes.length, rows, true)).toBe(bytes.length)
        expect(recordsOf(rows)).toEqual(lineByLine(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('end where the bytes do, in a view that goes on', () => {
    const bytes = Buffer.from(PLAIN)
    for (let end = bytes.length - 60; end <= bytes.length; end++) {
      const rows = createRowBuffer(256)
      const stopped = parseText(bytes, 0, end, rows, false)
      expect(stopped).toBe(end - (end % 27))
      expect(rows.length).toBe(stopped / 27)
    }
  })

  it('stop where the buffer is full', () => {
    const bytes = Buffer.from(PLAIN)
    const rows = createRowBuffer(10)
    expect(parseText(bytes, 0, bytes.length, rows, true)).toBe(270)
    expect(rows.length).toBe(10)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowBuffer, type RowBuffer } from '../../../src/core/rows/row-buffer.js'
import { parseText } from '../../../src/core/rows/text.js'
import { parseAll } from '../../support/lane.js'
import { readRecord, recordsIn } from '../../support/oracle.js'

const HEADER = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
const ROW = '2,0,75,3387200947,2922,2'
/** More than what is read row by row. */
const MANY_ROWS = `${ROW}\n`.repeat(50)
const VALUES = [2, 0, 75, 3387200947, 2922, 2]

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

function valuesOf({ columns, length }: RowBuffer): number[][] {
  const { head, fpga, channel, orbit, bx, tdc } = columns
  return Array.from({ length }, (_, i) => [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]])
}

function textsOf({ start, end, length }: { start: Uint32Array; end: Uint32Array; length: number }, text: string) {
  return Array.from({ length }, (_, i) => text.slice(start[i], end[i]))
}

function malformedOf(rows: RowBuffer, text: string): string[] {
  return textsOf({ ...rows.malformed, length: rows.malformed.count }, text)
}

describe('rows as text', () => {
  it.each([
    ['newlines', `${ROW}\n${ROW}\n`],
    ['no final newline', `${ROW}\n${ROW}`],
    ['CRLF', `${ROW}\r\n${ROW}\r\n`],
    ['CRLF, the last one cut short', `${ROW}\r\n${ROW}\r`],
    ['CRLF but for the last', `${ROW}\r\n${ROW}`],
    ['a header first', `${HEADER}\n${ROW}\n${ROW}\n`],
    ['headers anywhere', `${ROW}\n${HEADER}\n${HEADER}\n${ROW}\n${HEADER}`],
    ['headers with CRLF', `${HEADER}\r\n${ROW}\r\n${HEADER}\r\n${ROW}\r\n`],
    ['a byte order mark', `\xef\xbb\xbf${ROW}\n${ROW}\n`],
    ['a byte order mark and a header', `\xef\xbb\xbf${HEADER}\r\n${ROW}\r\n${ROW}\r\n`],
    ['a byte order mark where a second file begins', `${ROW}\n\xef\xbb\xbf${ROW}\n`],
    ['blank lines', `\n\n${ROW}\n\r\n\n${ROW}\n\n`],
    ['leading zeros', `002,0,0075,03387200947,2922,002\n${ROW}`],
  ])('are read with %s', (_, text) => {
    const rows = parseAll(text)
    expect(rows.malformed.count).toBe(0)
    expect(valuesOf(rows)).toEqual([VALUES, VALUES])
  })

  it('are read up to the largest value of each column', () => {
    expect(valuesOf(parseAll('255,255,65535,4294967295,65535,31'))).toEqual([[255, 255, 65535, 4294967295, 65535, 31]])
  })

  it.each(['256,0,75,1,2,2', '2,256,75,1,2,2', '2,0,65536,1,2,2', '2,0,75,4294967296,2,2', '2,0,75,1,65536,2'])(
    'are malformed one above it: %s',
    (record) => {
      const rows = parseAll(`${record}\n`)
      expect([rows.length, rows.malformed.count]).toEqual([0, 1])
    },
  )

  it('are at most 256 bytes long', () => {
    for (const zeros of ['', '.0000000000000000000']) {
      for (const [length, count] of [
        [256, 1],
        [257, 0],
      ]) {
        const row = `2,0,75,1,2,3${zeros}`.padStart(length, '0')
        for (const text of [row, `${row}\n`, `${row}\r\n`, `\xef\xbb\xbf${row}\r\n`]) {
          const rows = parseAll(text)
          expect([rows.length, rows.malformed.count]).toEqual([count, 1 - count])
        }
      }
    }
  })

  it('go behind the rows that are in the buffer', () => {
    const rows = createRowBuffer(64)
    const bytes = bytesOf(`${ROW}\n`)
    parseText(bytes, 0, bytes.length, rows, false)
    parseText(bytes, 0, bytes.length, rows, false)
    expect(valuesOf(rows)).toEqual([VALUES, VALUES])
  })
})

describe('an unfinished line', () => {
  const text = `${ROW}\r\nrubbish\r\n${HEADER}\r\n2,1,128,5,6,-0.5\r\n\r\n2,1,128,5,6,1e2\r\n`

  it('is left for the next call, wherever it is cut', () => {
    const whole = parseAll(text)
    const bytes = bytesOf(text)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const rows = createRowBuffer(64)
      const stopped = parseText(bytes, 0, cut, rows, false)
      expect(stopped).toBe(text.lastIndexOf('\n', cut - 1) + 1)
      expect(parseText(bytes, stopped, bytes.length, rows, true)).toBe(bytes.length)
      expect(valuesOf(rows)).toEqual(valuesOf(whole))
      expect(malformedOf(rows, text)).toEqual(['rubbish'])
    }
  })

  it('is read as it stands at the end', () => {
    for (let length = 1; length <= ROW.length; length++) {
      const text = ROW.slice(0, length)
      const rows = parseAll(text)
      const isRecord = readRecord(text) !== undefined
      expect([rows.length, rows.malformed.count]).toEqual(isRecord ? [1, 0] : [0, 1])
    }
  })
})

describe('a full buffer', () => {
  it.each([1, 2, 3, 7])('of %i stops the parser at a line, and nothing is lost when it goes on', (capacity) => {
    const text = Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? `bad ${i}` : `2,0,${i},1,2,3`)).join('\n')
    const bytes = bytesOf(text)
    const seen: number[][] = []
    const bad: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const rows = createRowBuffer(capacity)
      at = parseText(bytes, at, bytes.length, rows, true)
      expect(rows.length === capacity || rows.malformed.count === capacity || at === bytes.length).toBe(true)
      expect(Math.max(rows.length, rows.malformed.count)).toBeLessThanOrEqual(capacity)
      seen.push(...valuesOf(rows))
      bad.push(...malformedOf(rows, text))
    }
    expect(seen).toEqual(valuesOf(parseAll(text)))
    expect(bad).toEqual(malformedOf(parseAll(text), text))
  })

  it('is left as it is', () => {
    const bytes = bytesOf(`${ROW}\n`)
    const rows = createRowBuffer(1)
    expect(parseText(bytes, 0, bytes.length, rows, true)).toBe(bytes.length)
    expect(parseText(bytes, 0, bytes.length, rows, true)).toBe(0)
    expect(rows.length).toBe(1)
  })
})

describe('TDC_MEAS', () => {
  const digits = (least: number, most: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''))
  const decimalText = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits(1, 17),
      fc.option(digits(1, 17), { nil: undefined }),
      fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 30 }))),
    )
    .map(([sign, whole, fraction, exponent]) => {
      return `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent === null ? '' : exponent.join('')}`
    })

  it('is the float32 nearest to the double that the text says', () => {
    fc.assert(
      fc.property(decimalText, fc.constantFrom('\n', '\r\n', ''), (text, lineEnd) => {
        const value = Math.fround(Number(text))
        const count = Number(Number.isFinite(value))
        const alone = parseAll(`4,0,0,1,2,${text}${lineEnd}`)
        if (count === 1) expect(alone.columns.tdc[0]).toBe(value)
        expect([alone.length, alone.malformed.count]).toEqual([count, 1 - count])
        if (lineEnd === '') return
        const amongMany = parseAll(`${MANY_ROWS}4,0,0,1,2,${text}${lineEnd}${MANY_ROWS}`)
        if (count === 1) expect(amongMany.columns.tdc[50]).toBe(value)
        expect([amongMany.length, amongMany.malformed.count]).toEqual([100 + count, 1 - count])
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds to the double first, as Number does, where a decimal lies near the middle of two float32', () => {
    for (const text of ['909.0575256347657', '95.40153884887697', '0.9378516376018523', '6.2101962566375724']) {
      expect(parseAll(`4,0,0,1,2,${text}`).columns.tdc[0]).toBe(Math.fround(Number(text)))
    }
  })
})

describe('extents', () => {
  it('point at just the text of each record', () => {
    const line = fc.oneof(
      fc.constantFrom(
        ROW,
        HEADER,
        '',
        '4,0,0,1,2,-0.573730',
        '5,0,0,1,2,45.50000000000000001',
        'rubbish',
        '2,0,75,1,2,5,6',
      ),
      fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' ')),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))),
        fc.constantFrom('', '\xef\xbb\xbf'),
        (lines, mark) => {
          const text = mark + lines.flat().join('')
          const rows = parseAll(text)
          const records = recordsIn(bytesOf(text))
          expect(textsOf(rows, text)).toEqual(records.filter((record) => readRecord(record)))
          expect(malformedOf(rows, text)).toEqual(records.filter((record) => !readRecord(record)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('count from the start of the bytes, not from where the parser began', () => {
    const text = `${ROW}\n4,0,0,1,2,3\nrubbish\n`
    const rows = createRowBuffer(64)
    parseText(bytesOf(text), ROW.length + 1, text.length, rows, true)
    expect(textsOf(rows, text)).toEqual(['4,0,0,1,2,3'])
    expect(malformedOf(rows, text)).toEqual(['rubbish'])
  })

  it('say before which row a malformed record stands', () => {
    const rows = parseAll(`bad\n${ROW}\n${ROW}\nbad\nbad\n${ROW}\nbad`)
    expect([...rows.malformed.row.subarray(0, rows.malformed.count)]).toEqual([0, 2, 2, 3])
  })
})

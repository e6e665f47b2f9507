import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDaq, parseDaq, WORD_BYTES } from '../../../src/core/rows/daq.js'
import { createRowBuffer, type RowBuffer } from '../../../src/core/rows/row-buffer.js'
import type { RawWord } from '../../../src/core/run-file/run-file.js'

const PLAIN: RawWord = { layout: 'head2-fpga4', channel_offset: 0, tdc_offset: 0, tdc_offset_except: [] }
const WIDE_HEAD: RawWord = { ...PLAIN, layout: 'head3-fpga3' }
/** What the readout program did that wrote the text files. */
const READOUT: RawWord = { ...PLAIN, channel_offset: 1, tdc_offset: -1, tdc_offset_except: [137, 138] }

interface Word {
  head: number
  fpga: number
  channel: number
  orbit: number
  bx: number
  tdc: number
}

/** The word as its bits are published, lowest first: 5, 12, 32, 9, and six that FPGA and HEAD share. */
function packed(words: Word[], layout: RawWord['layout']): Uint8Array {
  const fpgaBits = layout === 'head2-fpga4' ? 4n : 3n
  const out = Buffer.alloc(words.length * WORD_BYTES)
  words.forEach(({ head, fpga, channel, orbit, bx, tdc }, i) => {
    const fields = [BigInt(tdc), BigInt(bx) << 5n, BigInt(orbit) << 17n, BigInt(channel) << 49n]
    const above = [BigInt(fpga) << 58n, BigInt(head) << (58n + fpgaBits)]
    out.writeBigUInt64LE(
      [...fields, ...above].reduce((word, field) => word | field),
      i * WORD_BYTES,
    )
  })
  return out
}

function anyWord(layout: RawWord['layout']): fc.Arbitrary<Word> {
  const wide = layout === 'head3-fpga3'
  return fc.record({
    head: fc.nat(wide ? 7 : 3),
    fpga: fc.nat(wide ? 7 : 15),
    channel: fc.nat(511),
    orbit: fc.nat(2 ** 32 - 1),
    bx: fc.nat(4095),
    tdc: fc.nat(31),
  })
}

function wordsOf({ columns, length }: RowBuffer): Word[] {
  const { head, fpga, channel, orbit, bx, tdc } = columns
  return Array.from({ length }, (_, i) => ({
    head: head[i],
    fpga: fpga[i],
    channel: channel[i],
    orbit: orbit[i],
    bx: bx[i],
    tdc: tdc[i],
  }))
}

function parse(bytes: Uint8Array, raw: RawWord, final = true): RowBuffer {
  const rows = createRowBuffer(1024)
  parseDaq(bytes, 0, bytes.length, rows, final, raw)
  return rows
}

describe.each([PLAIN, WIDE_HEAD])('raw words of layout $layout', (raw) => {
  it('are unpacked bit for bit', () => {
    fc.assert(
      fc.property(fc.array(anyWord(raw.layout), { maxLength: 20 }), (words) => {
        expect(wordsOf(parse(packed(words, raw.layout), raw))).toEqual(words)
      }),
    )
  })

  it('are packed into the same bits', () => {
    fc.assert(
      fc.property(fc.array(anyWord(raw.layout), { maxLength: 20 }), (words) => {
        const bytes = packed(words, raw.layout)
        const { columns, length } = parse(bytes, raw)
        const out = new DataView(new ArrayBuffer(bytes.length))
        for (let i = 0; i < length; i++) expect(formatDaq(columns, i, raw, out, i * WORD_BYTES)).toBe(true)
        expect(Buffer.from(out.buffer)).toEqual(bytes)
      }),
    )
  })

  it('come back with offsets, too', () => {
    const anyOffsets = fc.record({
      layout: fc.constant(raw.layout),
      channel_offset: fc.integer({ min: -511, max: 511 }),
      tdc_offset: fc.integer({ min: -31, max: 31 }),
      tdc_offset_except: fc.array(fc.nat(511), { maxLength: 5 }),
    })
    fc.assert(
      fc.property(anyOffsets, anyWord(raw.layout), (offsets, word) => {
        const bytes = packed([word], raw.layout)
        const rows = parse(bytes, offsets)
        const out = new DataView(new ArrayBuffer(WORD_BYTES))
        if (word.channel + offsets.channel_offset < 0) expect([rows.length, rows.malformed.count]).toEqual([0, 1])
        else {
          const kept = offsets.tdc_offset_except.includes(word.channel)
          const channel = word.channel + offsets.channel_offset
          expect(wordsOf(rows)).toEqual([{ ...word, channel, tdc: word.tdc + (kept ? 0 : offsets.tdc_offset) }])
          expect(formatDaq(rows.columns, 0, offsets, out, 0)).toBe(true)
          expect(Buffer.from(out.buffer)).toEqual(bytes)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('raw words', () => {
  const word = { head: 2, fpga: 1, channel: 127, orbit: 3387200947, bx: 3563, tdc: 12 }

  it('get the offsets of the program that wrote the text files', () => {
    const bytes = packed([word, { ...word, channel: 137 }, { ...word, channel: 138 }], 'head2-fpga4')
    expect(wordsOf(parse(bytes, READOUT))).toEqual([
      { ...word, channel: 128, tdc: 11 },
      { ...word, channel: 138, tdc: 12 },
      { ...word, channel: 139, tdc: 12 },
    ])
  })

  it('that are cut off wait for their rest, or are malformed at the end', () => {
    const bytes = packed([word, word], 'head2-fpga4')
    for (let length = 0; length <= bytes.length; length++) {
      const rows = createRowBuffer(64)
      const whole = Math.floor(length / WORD_BYTES)
      expect(parseDaq(bytes, 0, length, rows, false, PLAIN)).toBe(whole * WORD_BYTES)
      expect([rows.length, rows.malformed.count]).toEqual([whole, 0])
      expect(parseDaq(bytes, whole * WORD_BYTES, length, rows, true, PLAIN)).toBe(length)
      const isCut = length % WORD_BYTES > 0
      expect([rows.length, rows.malformed.count]).toEqual([whole, isCut ? 1 : 0])
      if (isCut) expect([rows.malformed.start[0], rows.malformed.end[0]]).toEqual([whole * WORD_BYTES, length])
    }
  })

  it('are read from bytes that begin anywhere in memory', () => {
    const memory = Buffer.concat([Buffer.from('abc'), packed([word], 'head2-fpga4'), Buffer.from('def')])
    const rows = createRowBuffer(64)
    expect(parseDaq(memory.subarray(1), 2, 10, rows, true, PLAIN)).toBe(10)
    expect(wordsOf(rows)).toEqual([word])
    expect([rows.start[0], rows.end[0]]).toEqual([2, 10])
  })

  it('fill a buffer and go on from there', () => {
    const words = Array.from({ length: 10 }, (_, i) => ({ ...word, channel: i % 2 === 0 ? 0 : i, orbit: i }))
    const bytes = packed(words, 'head2-fpga4')
    const raw = { ...PLAIN, channel_offset: -1 }
    const seen: number[] = []
    let malformed = 0
    for (let at = 0; at < bytes.length; ) {
      const rows = createRowBuffer(3)
      at = parseDaq(bytes, at, bytes.length, rows, true, raw)
      seen.push(...wordsOf(rows).map(({ orbit }) => orbit))
      malformed += rows.malformed.count
    }
    expect(seen).toEqual([1, 3, 5, 7, 9])
    expect(malformed).toBe(5)
  })

  it.each([
    ['a HEAD beyond two bits', { ...word, head: 4 }, PLAIN],
    ['a HEAD beyond three bits', { ...word, head: 8 }, WIDE_HEAD],
    ['an FPGA beyond four bits', { ...word, fpga: 16 }, PLAIN],
    ['an FPGA beyond three bits', { ...word, fpga: 8 }, WIDE_HEAD],
    ['a TDC_CHANNEL beyond nine bits', { ...word, channel: 512 }, PLAIN],
    ['a TDC_CHANNEL below the offset', { ...word, channel: 0 }, READOUT],
    ['a BX_COUNTER beyond twelve bits', { ...word, bx: 4096 }, PLAIN],
    ['a TDC_MEAS beyond five bits', { ...word, tdc: 32 }, PLAIN],
    ['a negative TDC_MEAS', { ...word, tdc: -1 }, PLAIN],
    ['a decimal TDC_MEAS', { ...word, tdc: 0.5 }, PLAIN],
  ])('cannot hold %s', (_, row, raw) => {
    const { columns } = createRowBuffer(1)
    for (const [key, value] of Object.entries(row)) columns[key as keyof Word][0] = value
    const out = new DataView(new ArrayBuffer(WORD_BYTES))
    expect(formatDaq(columns, 0, raw, out, 0)).toBe(false)
    expect(out.getBigUint64(0)).toBe(0n)
  })
})

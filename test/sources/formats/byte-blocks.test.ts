import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { LONGEST_RECORD } from '../../../src/core/rows/text-unusual.js'
import type { RawWord } from '../../../src/core/run-file/run-file.js'
import type { ByteFeed } from '../../../src/sources/formats/byte-feed.js'
import { daqBlocks } from '../../../src/sources/formats/daq-blocks.js'
import { textBlocks } from '../../../src/sources/formats/text-blocks.js'
import { readRecord, recordsIn } from '../../support/oracle.js'
import { anyRow, DAQ_OFFSET, daqFile, HEADER, lineOf } from '../../support/row-files.js'

/** Longer than any record, so that lines which do not fit are malformed anyway. */
const SMALL_BUFFER = 512

/** Bytes from a position on, handed out in pieces of these sizes, over and over. */
function feedOf(bytes: Uint8Array, position: number, pieces: readonly number[]): ByteFeed {
  let at = position
  let turn = 0
  return {
    async fill(target, offset) {
      expect(offset, 'room to read on').toBeLessThan(target.length)
      const take = Math.min(pieces[turn++ % pieces.length], target.length - offset, bytes.length - at)
      target.set(bytes.subarray(at, at + take), offset)
      at += take
      return take
    },
    async close() {},
  }
}

interface Read {
  /** the record's bytes, one character each */
  record: string
  isRow: boolean
  end: number
  /** where reading goes on after its block */
  next: number
}

async function readText(bytes: Uint8Array, position = 0, pieces = [1 << 20], capacity = 1000, buffer = SMALL_BUFFER) {
  const read: Read[] = []
  const rows = createRowBuffer(capacity)
  for await (const { text, base, next } of textBlocks(feedOf(bytes, position, pieces), position, rows, buffer)) {
    const { malformed } = rows
    const add = (start: number, end: number, isRow: boolean) =>
      read.push({
        record: Buffer.from(text?.subarray(start, end) ?? '').toString('latin1'),
        isRow,
        end: base + end,
        next,
      })
    for (let i = 0, bad = 0; i <= rows.length; i++) {
      for (; bad < malformed.count && malformed.row[bad] === i; bad++)
        add(malformed.start[bad], malformed.end[bad], false)
      if (i < rows.length) add(rows.start[i], rows.end[i], true)
    }
  }
  return read
}

/** What the definition of the format says is in the bytes. Where a long line is cut does not matter: it is malformed. */
function expected(bytes: Uint8Array) {
  return recordsIn(bytes).map((record) => ({ record: cut(record), isRow: readRecord(record) !== undefined }))
}

function cut(record: string): string {
  return record.slice(0, LONGEST_RECORD + 1)
}

const anyLine = fc.oneof(
  { weight: 6, arbitrary: anyRow.map(lineOf) },
  { weight: 1, arbitrary: fc.constantFrom('', HEADER, 'rubbish', '2,0,75,5,2922', '-', ',,,,,') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(LONGEST_RECORD, 400, SMALL_BUFFER, 2 * SMALL_BUFFER), fc.integer({ min: -3, max: 3 }))
      .map(([length, more]) => 'x'.repeat(length + more)),
  },
)
const anyBytes = fc
  .tuple(fc.array(anyLine, { maxLength: 60 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, newline, isEnded]) => Buffer.from(lines.join(newline) + (isEnded ? newline : ''), 'latin1'))
const anyPieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 })
const anyCapacity = fc.constantFrom(64, 3, 1)

describe('text from a feed', () => {
  it('is the same however the feed, the buffer and the blocks cut it', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, anyPieces, anyCapacity, async (bytes, pieces, capacity) => {
        const read = await readText(bytes, 0, pieces, capacity)
        expect(read.map(({ record, isRow }) => ({ record: cut(record), isRow }))).toEqual(expected(bytes))
      }),
      { numRuns: 300 },
    )
  })

  it('is read on from behind any row and any block', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, anyPieces, anyCapacity, fc.nat(), async (bytes, pieces, capacity, at) => {
        const read = await readText(bytes, 0, pieces, capacity)
        const i = read.length === 0 ? -1 : at % read.length
        if (i < 0) return
        const { isRow, end, next } = read[i]
        const records = (list: Read[]) => list.map(({ record }) => record)
        if (isRow) expect(records(await readText(bytes, end, pieces))).toEqual(records(read.slice(i + 1)))
        const blockEnd = read.findLastIndex((other) => other.next === next)
        expect(records(await readText(bytes, next, pieces))).toEqual(records(read.slice(blockEnd + 1)))
      }),
      { numRuns: 300 },
    )
  })

  it.each([-1, 0, 1, 2, SMALL_BUFFER - 1, SMALL_BUFFER, SMALL_BUFFER + 1, 5 * SMALL_BUFFER])(
    'loses nothing behind a line longer than the buffer by %i bytes',
    async (more) => {
      const rows = Array.from({ length: 200 }, (_, i) => `2,0,75,${i},2922,2`)
      const bytes = Buffer.from(`${rows[0]}\n${'7'.repeat(SMALL_BUFFER + more)}\n${rows.join('\n')}`)
      const read = await readText(bytes)
      expect(read.map(({ record }) => record)).toEqual([
        rows[0],
        '7'.repeat(Math.min(SMALL_BUFFER, SMALL_BUFFER + more)),
        ...rows,
      ])
      expect(read[1].isRow).toBe(false)
    },
  )

  it('may end in the midst of a line longer than the buffer', async () => {
    const bytes = Buffer.from(`2,0,75,1,2922,2\n${'x'.repeat(3 * SMALL_BUFFER)}`)
    const read = await readText(bytes)
    expect(read.map(({ isRow }) => isRow)).toEqual([true, false])
    expect(read[1].next).toBe(bytes.length)
  })

  it('comes in megabytes, whose edges cut no row', async () => {
    const lines = Array.from({ length: 130_000 }, (_, i) => `2,0,${i % 128},${4e9 + i},${i % 3564},${i % 30}`)
    const bytes = Buffer.from(lines.join('\n'))
    const read = await readText(bytes, 0, [1 << 16, 1 << 20], 65_536, undefined)
    expect(read.length).toBe(lines.length)
    expect(read.findIndex(({ record, isRow }, i) => !isRow || record !== lines[i])).toBe(-1)
  })
})

describe('raw words from a feed', () => {
  const raw: RawWord = { layout: 'head2-fpga4', channel_offset: DAQ_OFFSET, tdc_offset: 0, tdc_offset_except: [] }

  it('are the same however they are cut, and a piece of a word at the end is malformed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { maxLength: 200 }),
        fc.nat(7),
        anyPieces,
        anyCapacity,
        async (records, pieceBytes, pieces, capacity) => {
          const bytes = Buffer.concat([daqFile(records, raw.layout), Buffer.alloc(pieceBytes, 0xff)])
          const rows = createRowBuffer(capacity)
          const orbits: number[] = []
          const bad: [number, number][] = []
          for await (const { base, text } of daqBlocks(feedOf(bytes, 0, pieces), 0, rows, raw, SMALL_BUFFER)) {
            expect(text).toBeUndefined()
            orbits.push(...rows.columns.orbit.subarray(0, rows.length))
            const { malformed } = rows
            for (let k = 0; k < malformed.count; k++) bad.push([base + malformed.start[k], base + malformed.end[k]])
          }
          expect(orbits).toEqual(records.map((record) => record[3]))
          expect(bad).toEqual(pieceBytes === 0 ? [] : [[8 * records.length, bytes.length]])
        },
      ),
    )
  })
})

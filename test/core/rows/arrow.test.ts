import type { Vector } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrow, COLUMN_NAMES, openArrow, toArrowStream, toRecordBatch } from '../../../src/core/rows/arrow.js'
import { clearRows, createRowBuffer, type RowBuffer } from '../../../src/core/rows/row-buffer.js'
import { parseAll } from '../../support/lane.js'

const { vectorFromArray, Table, tableToIPC, RecordBatchFileWriter, RecordBatchStreamWriter } = arrow()
const { Bool, Dictionary, Float16, Float32, Float64, Int64, Int8, Uint16, Uint32, Uint64, Uint8, Utf8 } = arrow()

const ROWS = '2,0,75,3387200947,2922,2\n4,1,0,5,18504,-0.573730\n255,255,65535,4294967295,65535,3.4e38\n'
const VALUES = [
  [2, 0, 75, 3387200947, 2922, 2],
  [4, 1, 0, 5, 18504, Math.fround(-0.57373)],
  [255, 255, 65535, 4294967295, 65535, Math.fround(3.4e38)],
]

function valuesOf({ columns, length }: RowBuffer): number[][] {
  const { head, fpga, channel, orbit, bx, tdc } = columns
  return Array.from({ length }, (_, i) => [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]])
}

/** Everything in the bytes, read with a buffer of so many rows. */
function read(bytes: Uint8Array, capacity = 64): { rows: number[][]; malformed: number } {
  const memory = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('behind')])
  const extent = { start: 6, end: 6 + bytes.length }
  const reader = openArrow(memory, extent)
  const found = { rows: [] as number[][], malformed: 0 }
  const rows = createRowBuffer(capacity)
  for (let more = true; more; ) {
    clearRows(rows)
    more = reader.fill(rows)
    expect(Math.max(rows.length, rows.malformed.count)).toBeLessThanOrEqual(capacity)
    found.rows.push(...valuesOf(rows))
    found.malformed += rows.malformed.count
    for (const each of [{ ...rows }, { ...rows.malformed, length: rows.malformed.count }]) {
      expect([...each.start.subarray(0, each.length)].every((start) => start === extent.start)).toBe(true)
      expect([...each.end.subarray(0, each.length)].every((end) => end === extent.end)).toBe(true)
    }
  }
  return found
}

const anyRows = fc
  .array(
    fc
      .tuple(
        fc.nat(255),
        fc.nat(255),
        fc.nat(65_535),
        fc.nat(2 ** 32 - 1),
        fc.nat(65_535),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
      )
      .map((fields) => fields.map((value) => (Object.is(value, -0) ? 0 : value))),
    { maxLength: 50 },
  )
  .map((rows) => ({ rows, buffer: parseAll(rows.map((row) => row.join(',')).join('\n')) }))

/** An IPC stream of three rows, some columns of it replaced. */
function streamWith(changes: Record<string, Vector | undefined>): Uint8Array {
  const small = [2, 2, 2]
  const columns: Record<string, Vector | undefined> = {
    HEAD: vectorFromArray(small, new Uint8()),
    FPGA: vectorFromArray([0, 1, 0], new Uint8()),
    TDC_CHANNEL: vectorFromArray([1, 2, 3], new Uint16()),
    ORBIT_CNT: vectorFromArray([5, 6, 7], new Uint32()),
    BX_COUNTER: vectorFromArray([11, 12, 13], new Uint16()),
    TDC_MEAS: vectorFromArray([21, 22, 23], new Float32()),
    ...changes,
  }
  const present = Object.entries(columns).filter((entry): entry is [string, Vector] => entry[1] !== undefined)
  return tableToIPC(new Table(Object.fromEntries(present)), 'stream')
}

describe('Arrow IPC', () => {
  it('streams come back as they went', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(1, 7, 64), ({ rows, buffer }, capacity) => {
        expect(read(toArrowStream(buffer.columns, 0, buffer.length), capacity)).toEqual({ rows, malformed: 0 })
      }),
    )
  })

  it('files of several batches do, too', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(50), fc.constantFrom(1, 7, 64), ({ rows, buffer }, cut, capacity) => {
        const middle = Math.min(cut, buffer.length)
        const batches = [toRecordBatch(buffer.columns, 0, middle), toRecordBatch(buffer.columns, middle, buffer.length)]
        for (const writer of [RecordBatchFileWriter, RecordBatchStreamWriter])
          expect(read(writer.writeAll(batches).toUint8Array(true), capacity)).toEqual({ rows, malformed: 0 })
      }),
    )
  })

  it('batches have the columns of the text’s header, and share the memory of the rows', () => {
    const { columns, length } = parseAll(ROWS)
    const batch = toRecordBatch(columns, 1, length)
    expect(batch.schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
      ['HEAD', 'Uint8', false],
      ['FPGA', 'Uint8', false],
      ['TDC_CHANNEL', 'Uint16', false],
      ['ORBIT_CNT', 'Uint32', false],
      ['BX_COUNTER', 'Uint16', false],
      ['TDC_MEAS', 'Float32', false],
    ])
    expect(batch.numRows).toBe(2)
    const data = COLUMN_NAMES.map((name) => batch.getChild(name)?.data[0].values)
    for (const [i, own] of Object.values(columns).entries()) {
      expect(data[i].buffer).toBe(own.buffer)
      expect(data[i].byteOffset).toBe(own.BYTES_PER_ELEMENT)
    }
    columns.orbit[1] = 77
    expect(batch.getChild('ORBIT_CNT')?.get(0)).toBe(77)
  })

  it('of no rows is no record, with and without a batch', () => {
    const { columns } = parseAll(ROWS)
    expect(read(toArrowStream(columns, 0, 0))).toEqual({ rows: [], malformed: 0 })
    const writer = new RecordBatchStreamWriter()
    writer.reset(undefined, toRecordBatch(columns, 0, 0).schema)
    expect(read(writer.finish().toUint8Array(true))).toEqual({ rows: [], malformed: 0 })
  })
})

describe('columns of other types', () => {
  const three = [
    [2, 0, 1, 5, 11, 21],
    [2, 1, 2, 6, 12, 22],
    [2, 0, 3, 7, 13, 23],
  ]

  it.each([
    ['int64', { ORBIT_CNT: vectorFromArray([5n, 6n, 7n], new Int64()) }],
    ['uint64', { TDC_CHANNEL: vectorFromArray([1n, 2n, 3n], new Uint64()) }],
    ['int8', { HEAD: vectorFromArray([2, 2, 2], new Int8()) }],
    ['uint32', { BX_COUNTER: vectorFromArray([11, 12, 13], new Uint32()) }],
    ['float16', { BX_COUNTER: vectorFromArray([11, 12, 13], new Float16()) }],
    ['float64', { TDC_MEAS: vectorFromArray([21, 22, 23], new Float64()) }],
    ['float64 for integers', { ORBIT_CNT: vectorFromArray([5, 6, 7], new Float64()) }],
    ['uint8 for TDC_MEAS', { TDC_MEAS: vectorFromArray([21, 22, 23], new Uint8()) }],
    ['a dictionary', { ORBIT_CNT: vectorFromArray([5, 6, 7], new Dictionary(new Uint32(), new Uint32())) }],
    ['more columns', { more: vectorFromArray(['a', 'b', 'c'], new Utf8()) }],
  ])('are read by value: %s', (_, changes) => {
    expect(read(streamWith(changes))).toEqual({ rows: three, malformed: 0 })
  })

  it.each([
    ['negative', { ORBIT_CNT: vectorFromArray([5n, -6n, 7n], new Int64()) }],
    ['too large', { HEAD: vectorFromArray([2, 256, 2], new Uint16()) }],
    ['too large by far', { ORBIT_CNT: vectorFromArray([5n, 2n ** 63n, 7n], new Uint64()) }],
    ['not whole', { BX_COUNTER: vectorFromArray([11, 12.5, 13], new Float64()) }],
    ['null', { FPGA: vectorFromArray([0, null, 0], new Uint8()) }],
    ['null in TDC_MEAS', { TDC_MEAS: vectorFromArray([21, null, 23], new Float32()) }],
    ['no number', { TDC_MEAS: vectorFromArray([21, Number.NaN, 23], new Float32()) }],
    ['infinite', { TDC_MEAS: vectorFromArray([21, Number.NEGATIVE_INFINITY, 23], new Float32()) }],
    ['infinite as a float32', { TDC_MEAS: vectorFromArray([21, 1e300, 23], new Float64()) }],
  ])('make a row malformed whose value is %s, and no other', (_, changes) => {
    for (const capacity of [1, 2, 64]) {
      expect(read(streamWith(changes), capacity)).toEqual({ rows: [three[0], three[2]], malformed: 1 })
    }
  })

  it.each([
    ['text', { HEAD: vectorFromArray(['2', '2', '2'], new Utf8()) }],
    [
      'text in a dictionary',
      { TDC_CHANNEL: vectorFromArray(['1', '2', '3'], new Dictionary(new Utf8(), new Uint16())) },
    ],
    ['true or false', { FPGA: vectorFromArray([true, false, true], new Bool()) }],
  ])('that are no numbers make every row malformed: %s', (_, changes) => {
    expect(read(streamWith(changes))).toEqual({ rows: [], malformed: 3 })
  })
})

describe('bytes that are no rows in Arrow', () => {
  it.each([...COLUMN_NAMES])('are one malformed record without %s', (name) => {
    expect(read(streamWith({ [name]: undefined }))).toEqual({ rows: [], malformed: 1 })
  })

  it.each([
    ['nothing', ''],
    ['text', ROWS],
    ['JSON', '{"schema":{"fields":[]}}'],
    ['the magic alone', 'ARROW1'],
    ['the magic twice', 'ARROW1\0\0ARROW1'],
    ['zeros', '\0\0\0\0'.repeat(10)],
    ['ones', '\xff'.repeat(100)],
  ])('are one malformed record: %s', (_, text) => {
    expect(read(Buffer.from(text, 'latin1'))).toEqual({ rows: [], malformed: 1 })
  })

  it('wait for room in the buffer to be counted', () => {
    const rows = createRowBuffer(1)
    rows.malformed.count = 1
    const reader = openArrow(Buffer.from('rubbish'), { start: 0, end: 7 })
    expect(reader.fill(rows)).toBe(true)
    expect(rows.malformed.count).toBe(1)
    clearRows(rows)
    expect(reader.fill(rows)).toBe(false)
    expect(rows.malformed.count).toBe(1)
  })

  const { columns, length } = parseAll(ROWS)
  const stream = toArrowStream(columns, 0, length)
  const file = RecordBatchFileWriter.writeAll([toRecordBatch(columns, 0, length)]).toUint8Array(true)

  it('are one malformed record when cut off anywhere', () => {
    for (let end = 0; end < file.length; end++) {
      expect([end, read(file.subarray(0, end))]).toEqual([end, { rows: [], malformed: 1 }])
    }
  })

  it('are one malformed record when a stream is cut off, unless between two messages', () => {
    const batchEnd = stream.length - 8
    const counted = Array.from({ length: stream.length }, (_, end) => ({ end, ...read(stream.subarray(0, end)) }))
    const readable = counted.filter(({ malformed }) => malformed === 0)
    expect(readable.map(({ end, rows }) => [end === batchEnd, rows])).toEqual([
      [false, []],
      [true, VALUES],
    ])
    expect(counted.every(({ rows, malformed }) => malformed === 0 || (malformed === 1 && rows.length === 0))).toBe(true)
  })

  it('give no rows that are not there, where all lengths claim more', () => {
    const bytes = stream.slice()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let claims = 0
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      if (view.getBigInt64(at, true) !== BigInt(length)) continue
      view.setBigInt64(at, 20n, true)
      claims++
    }
    expect(claims).toBeGreaterThanOrEqual(COLUMN_NAMES.length)
    const { rows, malformed } = read(bytes)
    expect(rows.slice(0, length)).toEqual(VALUES)
    // the memory behind the columns is zeros, up to the end of a word
    expect(rows.slice(length).every((row) => row.every((value) => value === 0))).toBe(true)
    expect(rows.length + malformed).toBe(20)
    expect(rows.length).toBeLessThan(20)
  })

  it.each([
    ['stream', stream],
    ['file', file],
  ])('never throw, nor give rows that a %s did not have, whatever bytes are changed', (_, whole) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = whole.slice()
          for (const [at, byte] of changes) bytes[at] = byte
          const { rows, malformed } = read(bytes)
          expect(rows.length).toBeLessThanOrEqual(length)
          expect(rows.length + malformed).toBeLessThanOrEqual(bytes.length)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

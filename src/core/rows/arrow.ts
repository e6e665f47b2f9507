import { createRequire } from 'node:module'
import type { Data, DataType, RecordBatch } from 'apache-arrow'
import { isSoundArrow } from './arrow-check.js'
import type { Columns, RowBuffer } from './row-buffer.js'
import { addMalformed } from './text-unusual.js'

type Arrow = typeof import('apache-arrow')
let loaded: Arrow | undefined

/** Apache Arrow's one-file build: it loads in an eighth of the time of its modules. Never mix the two builds. */
export function arrow(): Arrow {
  loaded ??= createRequire(import.meta.url)('apache-arrow/Arrow.es2015.min') as Arrow
  return loaded
}

/** Column names as in the text's header line, in its order. */
export const COLUMN_NAMES = ['HEAD', 'FPGA', 'TDC_CHANNEL', 'ORBIT_CNT', 'BX_COUNTER', 'TDC_MEAS'] as const
const KEYS = ['head', 'fpga', 'channel', 'orbit', 'bx', 'tdc'] as const
/** Arrow's names of the column types. */
const TYPES = ['Uint8', 'Uint8', 'Uint16', 'Uint32', 'Uint16', 'Float32']
/** Largest value of each integer column. */
const LARGEST = [255, 255, 65_535, 4_294_967_295, 65_535]

/** Rows [from, to) as an Arrow record batch over the columns themselves: nothing is copied. */
export function toRecordBatch(columns: Columns, from: number, to: number): RecordBatch {
  const { Field, Float32, RecordBatch, Schema, Struct, Uint16, Uint32, Uint8, makeData } = arrow()
  const types = [new Uint8(), new Uint8(), new Uint16(), new Uint32(), new Uint16(), new Float32()]
  const schema = new Schema(types.map((type, k) => new Field(COLUMN_NAMES[k], type, false)))
  const length = to - from
  const children = KEYS.map((key, k) =>
    makeData({ type: types[k] as never, length, nullCount: 0, data: columns[key].subarray(from, to) as never }),
  )
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

/** Rows [from, to) as an Arrow IPC stream. */
export function toArrowStream(columns: Columns, from: number, to: number): Uint8Array {
  return arrow()
    .RecordBatchStreamWriter.writeAll([toRecordBatch(columns, from, to)])
    .toUint8Array(true)
}

/** A reader of an Arrow IPC stream's or file's rows, piece by piece. */
export interface ArrowRows {
  /** fills `rows` up to its capacity; false when nothing is left */
  fill(rows: RowBuffer): boolean
}

/** Where a value's extent is needed (malformed rows), the whole message stands for its rows. */
export interface Extent {
  start: number
  end: number
}

/**
 * Opens an Arrow IPC stream or file in bytes[extent]. Bytes that are none, or that lack a column, are one malformed
 * record; a row with a null or a value that its column cannot hold is a malformed one.
 */
export function openArrow(bytes: Uint8Array, extent: Extent): ArrowRows {
  let batches: RecordBatch[]
  try {
    const ipc = bytes.subarray(extent.start, extent.end)
    batches = isSoundArrow(ipc) ? [...arrow().RecordBatchReader.from(ipc)] : []
    if (!batches.every((batch) => isReadable(batch, extent))) batches = []
  } catch {
    batches = []
  }
  let readable = batches.length > 0
  let index = 0
  let row = 0
  return {
    fill(rows) {
      if (!readable) {
        if (rows.malformed.count === rows.capacity) return true
        addMalformed(rows, extent.start, extent.end)
        batches = []
        readable = true
        return false
      }
      while (index < batches.length && rows.length < rows.capacity && rows.malformed.count < rows.capacity) {
        const batch = batches[index]
        const take = Math.min(batch.numRows - row, rows.capacity - rows.length, rows.capacity - rows.malformed.count)
        copyRows(batch, row, take, rows, extent)
        row += take
        if (row === batch.numRows) {
          index++
          row = 0
        }
      }
      return index < batches.length
    },
  }
}

/** All columns are there, and no more rows are claimed than the bytes can hold. */
function isReadable(batch: RecordBatch, { start, end }: Extent): boolean {
  return batch.numRows <= end - start && hasAllColumns(batch)
}

export function hasAllColumns(batch: RecordBatch): boolean {
  return COLUMN_NAMES.every((name) => batch.getChild(name) !== null)
}

/** Copies rows [from, from + count) of a record batch into `rows`, which has room for them. */
export function copyRows(batch: RecordBatch, from: number, count: number, rows: RowBuffer, extent: Extent): void {
  const first = rows.length
  if (!copyColumns(batch, from, count, rows)) copyValues(batch, from, count, rows, extent)
  rows.start.fill(extent.start, first, rows.length)
  rows.end.fill(extent.end, first, rows.length)
}

/** The quick way: columns of just our types, without nulls or a TDC_MEAS that is no number, are copied whole. */
function copyColumns(batch: RecordBatch, from: number, count: number, rows: RowBuffer): boolean {
  const sources = COLUMN_NAMES.map((name) => batch.getChild(name)?.data[0])
  if (!sources.every((data, k) => data?.nullCount === 0 && String(data.type) === TYPES[k])) return false
  const slices = sources.map((data) => ((data as Data).values as Float32Array).subarray(from, from + count))
  if (slices.some(({ length }) => length !== count)) return false
  if (!slices[5].every(Number.isFinite)) return false
  for (let k = 0; k < slices.length; k++) rows.columns[KEYS[k]].set(slices[k], rows.length)
  rows.length += count
  return true
}

function copyValues(batch: RecordBatch, from: number, count: number, rows: RowBuffer, extent: Extent): void {
  const columns = COLUMN_NAMES.map((name) => batch.getChild(name))
  const vectors = columns.map((column) => (column && isNumeric(column.type) ? column : undefined))
  const values = new Array<number>(COLUMN_NAMES.length)
  for (let i = from; i < from + count; i++) {
    let valid = true
    for (let k = 0; k < values.length; k++) {
      const value: unknown = vectors[k]?.get(i)
      values[k] = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN
      valid &&= k < LARGEST.length ? Number.isInteger(values[k]) && values[k] >= 0 && values[k] <= LARGEST[k] : true
    }
    if (!valid || !Number.isFinite(Math.fround(values[5]))) {
      addMalformed(rows, extent.start, extent.end)
      continue
    }
    KEYS.forEach((key, k) => {
      rows.columns[key][rows.length] = values[k]
    })
    rows.length++
  }
}

function isNumeric(type: DataType): boolean {
  const { DataType } = arrow()
  return DataType.isInt(type) || DataType.isFloat(type) || (DataType.isDictionary(type) && isNumeric(type.dictionary))
}

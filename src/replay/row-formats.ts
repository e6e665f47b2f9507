import { toArrowStream } from '../core/rows/arrow.js'
import { formatDaq, WORD_BYTES } from '../core/rows/daq.js'
import { formatRows, MAX_ROW_BYTES } from '../core/rows/format-text.js'
import type { OrbitPartitioner } from '../core/rows/partition-of.js'
import { type Columns, createColumns } from '../core/rows/row-buffer.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { MESSAGE_KIND } from '../log/log.js'
import type { SourceBlock } from '../sources/source.js'
import type { PartitionWriter } from './partition-writer.js'

/** How rows are put into messages: `row` one a message, `lines` many; `arrow` and `daq` in binary. */
export const ROW_FORMATS = ['row', 'lines', 'arrow', 'daq'] as const
export type RowFormat = (typeof ROW_FORMATS)[number]

/** Above this a message with many rows is ended: brokers take 1 MB as they come. */
const MESSAGE_BYTES = 256 * 1024
const NEWLINE = Uint8Array.of(10)
const encoder = new TextEncoder()

/** Writes rows [from, to) of a block, and the malformed records among them, to their partitions. */
export type RowWriter = (block: SourceBlock, from: number, to: number) => void

/** Rows as text, whatever they were read from: a view on the block's own text where it has one. */
interface RowTexts {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
}

export function createRowWriter(
  format: RowFormat,
  writers: readonly PartitionWriter[],
  partitioner: OrbitPartitioner,
  run: RunFile,
): RowWriter {
  const texts = createTexts()
  const write = { row: writeRows, lines: writeLines, arrow: createArrowWriter(writers), daq: createDaqWriter(run) }[
    format
  ]
  return (block, from, to) => {
    const text = texts(block, from, to)
    write(block, from, to, text, (i) => writers[partitioner.partitionOf(block.rows.columns.orbit[i])])
    for (const writer of writers)
      if (writer.openBytes > 0) writer.finish(format === 'daq' ? MESSAGE_KIND.daq : MESSAGE_KIND.text)
    writeMalformed(block, from, to, writers)
  }
}

type FormatWriter = (
  block: SourceBlock,
  from: number,
  to: number,
  text: RowTexts,
  writerOf: (row: number) => PartitionWriter,
) => void

const writeRows: FormatWriter = (_block, from, to, { bytes, start, end }, writerOf) => {
  for (let i = from; i < to; i++) {
    const writer = writerOf(i)
    writer.write(bytes, start[i], end[i])
    writer.finish(MESSAGE_KIND.text)
  }
}

const writeLines: FormatWriter = (_block, from, to, { bytes, start, end }, writerOf) => {
  for (let i = from; i < to; i++) {
    const writer = writerOf(i)
    writer.write(bytes, start[i], end[i])
    writer.write(NEWLINE, 0, 1)
    if (writer.openBytes >= MESSAGE_BYTES) writer.finish(MESSAGE_KIND.text)
  }
}

/** A row that a word cannot hold goes as text, in a message of its own. */
function createDaqWriter({ raw_word }: RunFile): FormatWriter {
  const word = new Uint8Array(WORD_BYTES)
  const view = new DataView(word.buffer)
  return ({ rows }, from, to, { bytes, start, end }, writerOf) => {
    for (let i = from; i < to; i++) {
      const writer = writerOf(i)
      if (formatDaq(rows.columns, i, raw_word, view, 0)) {
        writer.write(word, 0, WORD_BYTES)
        if (writer.openBytes >= MESSAGE_BYTES) writer.finish(MESSAGE_KIND.daq)
        continue
      }
      if (writer.openBytes > 0) writer.finish(MESSAGE_KIND.daq)
      writer.write(bytes, start[i], end[i])
      writer.finish(MESSAGE_KIND.text)
    }
  }
}

/** One Arrow stream for each partition's rows of the slice. */
function createArrowWriter(writers: readonly PartitionWriter[]): FormatWriter {
  return ({ rows: { columns } }, from, to, _text, writerOf) => {
    const picked = new Map<PartitionWriter, number[]>(writers.map((writer) => [writer, []]))
    for (let i = from; i < to; i++) picked.get(writerOf(i))?.push(i)
    for (const [writer, rows] of picked) {
      if (rows.length === 0) continue
      const stream = toArrowStream(pick(columns, rows), 0, rows.length)
      writer.write(stream, 0, stream.length)
      writer.finish(MESSAGE_KIND.arrow)
    }
  }
}

function pick(columns: Columns, rows: readonly number[]): Columns {
  const out = createColumns(rows.length)
  for (const key of Object.keys(out) as (keyof Columns)[]) {
    const source = columns[key]
    const target = out[key]
    for (let k = 0; k < rows.length; k++) target[k] = source[rows[k]]
  }
  return out
}

/** Records that could not be read go on as they are; what was not text has no text, and is told by its place. */
function writeMalformed(block: SourceBlock, from: number, to: number, writers: readonly PartitionWriter[]): void {
  const { malformed, length } = block.rows
  for (let k = 0; k < malformed.count; k++) {
    const row = malformed.row[k]
    if (row < from || (row >= to && !(to === length && row === length))) continue
    const writer = writers[k % writers.length]
    const bytes = block.text ?? encoder.encode(`not a record: ${block.base + malformed.start[k]}`)
    writer.write(bytes, block.text ? malformed.start[k] : 0, block.text ? malformed.end[k] : bytes.length)
    writer.finish(MESSAGE_KIND.text)
  }
}

function createTexts(): (block: SourceBlock, from: number, to: number) => RowTexts {
  let bytes = new Uint8Array(0)
  let start = new Uint32Array(0)
  let end = new Uint32Array(0)
  return (block, from, to) => {
    const { rows, text } = block
    if (text) return { bytes: text, start: rows.start, end: rows.end }
    if (bytes.length < (to - from) * MAX_ROW_BYTES) bytes = new Uint8Array((to - from) * MAX_ROW_BYTES)
    if (start.length < rows.capacity) {
      start = new Uint32Array(rows.capacity)
      end = new Uint32Array(rows.capacity)
    }
    formatRows(rows.columns, from, to, bytes, 0, end.subarray(from))
    let at = 0
    for (let i = from; i < to; i++) {
      start[i] = at
      at = end[i]
      end[i] = at - 1
    }
    return { bytes, start, end }
  }
}

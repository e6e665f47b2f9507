import { toArrowStream } from '../core/rows/arrow.js'
import { formatDaq, WORD_BYTES } from '../core/rows/daq.js'
import type { OrbitPartitioner } from '../core/rows/partition-of.js'
import { type Columns, createColumns } from '../core/rows/row-buffer.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { MESSAGE_KIND } from '../log/log.js'
import type { SourceBlock } from '../sources/source.js'
import { writeMalformed } from './malformed-records.js'
import { findOrbitKey } from './orbit-key.js'
import type { PartitionWriter } from './partition-writer.js'
import { createRowTexts } from './row-texts.js'

/** How rows are put into messages: `row` one a message, `lines` many; `arrow` and `daq` in binary. */
export const ROW_FORMATS = ['row', 'lines', 'arrow', 'daq'] as const
export type RowFormat = (typeof ROW_FORMATS)[number]

/** Above this a message with many rows is ended: brokers take 1 MB as they come. */
const MESSAGE_BYTES = 256 * 1024
const NEWLINE = Uint8Array.of(10)

/** Writes rows [from, to) of a block, and the malformed records among them, to their partitions. */
export type RowWriter = (block: SourceBlock, from: number, to: number) => void

export function createRowWriter(
  format: RowFormat,
  writers: readonly PartitionWriter[],
  partitioner: OrbitPartitioner,
  run: RunFile,
): RowWriter {
  const write = FORMATS[format](writers, run)
  return (block, from, to) => {
    const { orbit } = block.rows.columns
    write(block, from, to, (i) => writers[partitioner.partitionOf(orbit[i])])
    writeMalformed(block, from, to, writers)
  }
}

/** Writes rows [from, to) of a block to the writers that `writerOf` names, and ends every message that it began. */
type FormatWriter = (block: SourceBlock, from: number, to: number, writerOf: (row: number) => PartitionWriter) => void

const FORMATS: Record<RowFormat, (writers: readonly PartitionWriter[], run: RunFile) => FormatWriter> = {
  row: createTextWriter,
  lines: createLinesWriter,
  arrow: createArrowWriter,
  daq: createDaqWriter,
}

function createTextWriter(): FormatWriter {
  const texts = createRowTexts()
  const key = { end: 0 }
  return (block, from, to, writerOf) => {
    const { bytes, start, end } = texts(block, from, to)
    for (let i = from; i < to; i++) {
      const writer = writerOf(i)
      writer.write(bytes, start[i], end[i])
      const keyStart = findOrbitKey(bytes, start[i], end[i], key)
      if (keyStart < 0) writer.finish(MESSAGE_KIND.text)
      else writer.finishWithKey(MESSAGE_KIND.text, keyStart - start[i], key.end - start[i])
    }
  }
}

function createLinesWriter(writers: readonly PartitionWriter[]): FormatWriter {
  const texts = createRowTexts()
  return (block, from, to, writerOf) => {
    const { bytes, start, end } = texts(block, from, to)
    for (let i = from; i < to; i++) {
      const writer = writerOf(i)
      writer.write(bytes, start[i], end[i])
      writer.write(NEWLINE, 0, NEWLINE.length)
      if (writer.openBytes >= MESSAGE_BYTES) writer.finish(MESSAGE_KIND.text)
    }
    for (const writer of writers) writer.finishIfOpen(MESSAGE_KIND.text)
  }
}

/** A row that a word cannot hold goes as text, in a message of its own. */
function createDaqWriter(writers: readonly PartitionWriter[], { raw_word }: RunFile): FormatWriter {
  const texts = createRowTexts()
  const word = new Uint8Array(WORD_BYTES)
  const view = new DataView(word.buffer)
  const writeAsText = (block: SourceBlock, row: number, writer: PartitionWriter) => {
    const { bytes, start, end } = texts(block, row, row + 1)
    writer.finishIfOpen(MESSAGE_KIND.daq)
    writer.write(bytes, start[row], end[row])
    writer.finish(MESSAGE_KIND.text)
  }
  return (block, from, to, writerOf) => {
    for (let i = from; i < to; i++) {
      const writer = writerOf(i)
      if (formatDaq(block.rows.columns, i, raw_word, view, 0)) {
        writer.write(word, 0, WORD_BYTES)
        if (writer.openBytes >= MESSAGE_BYTES) writer.finish(MESSAGE_KIND.daq)
      } else writeAsText(block, i, writer)
    }
    for (const writer of writers) writer.finishIfOpen(MESSAGE_KIND.daq)
  }
}

/** One Arrow stream for each partition's rows of the slice. */
function createArrowWriter(writers: readonly PartitionWriter[]): FormatWriter {
  return ({ rows: { columns } }, from, to, writerOf) => {
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

import type { RowBuffer } from '../../core/rows/row-buffer.js'
import type { RawWord } from '../../core/run-file/run-file.js'
import type { SourceBlock, SourceContext, SourcePart } from '../source.js'
import type { Stored } from '../stored.js'
import { withBatches } from './arrow-batches.js'
import { type ByteFeed, behind } from './byte-feed.js'
import { gunzipFeed, unzstdFeed } from './compressed-feed.js'
import { type Counted, counted } from './counted.js'
import { daqBlocks } from './daq-blocks.js'
import { type RowsKind, rowsKindOf } from './kinds.js'
import { withParquetBatches } from './parquet-batches.js'
import { readError } from './read-error.js'
import { tableBlocks } from './table-blocks.js'
import { textBlocks } from './text-blocks.js'

/** What is no stream of rows one after the other, in words. */
const TABLES: Record<string, string> = { arrow: 'Arrow IPC file or stream', parquet: 'Parquet file' }

/** The rows of a file or an object, of the kind that its name says. */
export function rowsPart(stored: Stored, { run }: SourceContext): SourcePart {
  const kind = rowsKindOf(stored.name)
  const table = Object.hasOwn(TABLES, kind.content) ? TABLES[kind.content] : undefined
  const isPlain = table === undefined && kind.compression === undefined
  const reading = counted(stored)
  return {
    name: stored.name,
    id: stored.id,
    unit: table === undefined ? 'byte' : 'row',
    size: isPlain ? stored.size : undefined,
    ...(stored.size === undefined
      ? {}
      : { stored: { size: stored.size, readTo: (position) => (isPlain ? position : reading.taken) } }),
    async *read(position, rows) {
      try {
        yield* blocks(reading, kind, position, rows, run.raw_word)
      } catch (error) {
        throw readError(stored.name, table, error)
      }
    },
  }
}

/** The reader for a kind. One that is not read as a stream of bytes, as a table with a footer is not, begins here. */
function blocks(
  stored: Counted,
  kind: RowsKind,
  position: number,
  rows: RowBuffer,
  raw: RawWord,
): AsyncGenerator<SourceBlock, void, void> {
  switch (kind.content) {
    case 'arrow':
      return tableBlocks(withBatches, stored, position, rows)
    case 'parquet':
      return tableBlocks(withParquetBatches, stored, position, rows)
    default:
      return byteBlocks(stored, kind, position, rows, raw)
  }
}

async function* byteBlocks(
  stored: Stored,
  { content, compression }: RowsKind,
  position: number,
  rows: RowBuffer,
  raw: RawWord,
): AsyncGenerator<SourceBlock, void, void> {
  const feed = compression
    ? behind(await decompressed(stored, compression), position, stored.name)
    : await stored.open(position)
  try {
    yield* content === 'words' ? daqBlocks(feed, position, rows, raw) : textBlocks(feed, position, rows)
  } finally {
    await feed.close()
  }
}

async function decompressed(stored: Stored, compression: 'gzip' | 'zstd'): Promise<ByteFeed> {
  const feed = await stored.open(0)
  return compression === 'gzip' ? gunzipFeed(feed) : unzstdFeed(feed)
}

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseRecordedName, type RecordedFile } from '../core/hits/recording.js'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import type { RawWord } from '../core/run-file/run-file.js'
import { ExpectedError } from '../errors.js'
import { expandFiles } from './expand-files.js'
import { arrowBlocks, parquetBlocks } from './formats/arrow-blocks.js'
import { openFeed } from './formats/byte-feed.js'
import { daqBlocks } from './formats/daq-blocks.js'
import { textBlocks } from './formats/text-blocks.js'
import type { SourceBlock, SourceContext, SourcePart, SourceSpec } from './source.js'

/** What is taken from a folder; a file named by itself may have any name (it is text then). */
const EXTENSIONS = ['.txt', '.csv', '.txt.gz', '.csv.gz', '.dat', '.dat.gz', '.arrow', '.arrows', '.parquet']
/** Where recorded hits are in a folder. */
const RECORDED = 'run=*/hour=*/'

export const spec: SourceSpec = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `rows in files, in natural order: text (.txt .csv), raw words (.dat), Arrow IPC (.arrow), Parquet, text and words also as .gz; a folder of recorded hits`,
  options: {},
  async parts(uri, context) {
    const files = await expandFiles(uri.path, EXTENSIONS, RECORDED)
    const recorded = files.flatMap((file) => recordedFile(file) ?? [])
    const others = files.filter((file) => !recordedFile(file))
    const parts = await Promise.all(others.map((file) => filePart(file, context)))
    if (recorded.length > 0) parts.push(await hitsPart(path.resolve(uri.path), recorded, context))
    return parts
  },
}

function recordedFile(file: string): RecordedFile | undefined {
  const recorded = parseRecordedName(path.resolve(file))
  return recorded && { ...recorded, path: file }
}

async function hitsPart(place: string, files: readonly RecordedFile[], context: SourceContext): Promise<SourcePart> {
  const { recordedHits } = await import('./hits/recorded-hits.js')
  const readWhole = (file: string) =>
    readFile(file).catch((error: unknown) => {
      throw readError(file, kindOf(file), error)
    })
  return recordedHits(place, files, readWhole, context)
}

interface FileKind {
  content: 'text' | 'words' | 'arrow' | 'parquet'
  isCompressed: boolean
}

const CONTENTS: Readonly<Record<string, FileKind['content']>> = {
  '.dat': 'words',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.parquet': 'parquet',
}
/** Their positions count rows. */
const TABLES: readonly FileKind['content'][] = ['arrow', 'parquet']

function kindOf(file: string): FileKind {
  const isCompressed = file.endsWith('.gz')
  const extension = path.extname(isCompressed ? file.slice(0, -'.gz'.length) : file)
  const content = isCompressed && TABLES.includes(CONTENTS[extension]) ? undefined : CONTENTS[extension]
  return { content: content ?? 'text', isCompressed }
}

async function filePart(file: string, { run }: SourceContext): Promise<SourcePart> {
  const kind = kindOf(file)
  const info = await stat(file).catch((error: unknown) => {
    throw readError(file, kind, error)
  })
  return {
    name: file,
    id: path.resolve(file),
    unit: TABLES.includes(kind.content) ? 'row' : 'byte',
    size: info.isFile() && !kind.isCompressed && !TABLES.includes(kind.content) ? info.size : undefined,
    async *read(position, rows) {
      try {
        if (kind.content === 'arrow') yield* arrowBlocks(file, position, rows)
        else if (kind.content === 'parquet') yield* parquetBlocks(file, await readFile(file), position, rows)
        else yield* bytesOf(file, kind, position, rows, run.raw_word)
      } catch (error) {
        throw readError(file, kind, error)
      }
    },
  }
}

async function* bytesOf(
  file: string,
  { content, isCompressed }: FileKind,
  position: number,
  rows: RowBuffer,
  raw: RawWord,
): AsyncGenerator<SourceBlock, void, void> {
  const feed = await openFeed(file, position, isCompressed)
  try {
    yield* content === 'words' ? daqBlocks(feed, position, rows, raw) : textBlocks(feed, position, rows)
  } finally {
    await feed.close()
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'it is no longer there',
  Z_BUF_ERROR: 'it ends in the midst of its compressed data',
  Z_DATA_ERROR: 'its compressed data are damaged, or none',
}

/** What goes wrong within Arrow's reader has no code: it is the file's format. Without one elsewhere, it is a fault of ours. */
function readError(file: string, { content }: FileKind, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof ExpectedError || (code === undefined && content !== 'arrow')) return error
  const reason =
    code === undefined ? 'it is no Arrow IPC file or stream, or not a whole one' : (REASONS[code] ?? message)
  return new ExpectedError(`cannot read ${file}: ${reason}`, ['check that it is whole and of the kind its name says'])
}

import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import type { RawWord } from '../core/run-file/run-file.js'
import { ExpectedError } from '../errors.js'
import { expandFiles } from './expand-files.js'
import { arrowBlocks } from './formats/arrow-blocks.js'
import { openFeed } from './formats/byte-feed.js'
import { daqBlocks } from './formats/daq-blocks.js'
import { textBlocks } from './formats/text-blocks.js'
import type { SourceBlock, SourceContext, SourcePart, SourceSpec } from './source.js'

/** What is taken from a folder; a file named by itself may have any name (it is text then). */
const EXTENSIONS = ['.txt', '.csv', '.txt.gz', '.csv.gz', '.dat', '.dat.gz', '.arrow', '.arrows']

export const spec: SourceSpec = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `rows in files, in natural order: text (.txt .csv), raw words (.dat), Arrow IPC (.arrow), text and words also as .gz`,
  options: {},
  async parts(uri, context) {
    const files = await expandFiles(uri.path, EXTENSIONS)
    return Promise.all(files.map((file) => filePart(file, context)))
  },
}

interface FileKind {
  content: 'text' | 'words' | 'arrow'
  isCompressed: boolean
}

function kindOf(file: string): FileKind {
  const isCompressed = file.endsWith('.gz')
  const extension = path.extname(isCompressed ? file.slice(0, -'.gz'.length) : file)
  const isArrow = !isCompressed && (extension === '.arrow' || extension === '.arrows')
  return { content: isArrow ? 'arrow' : extension === '.dat' ? 'words' : 'text', isCompressed }
}

async function filePart(file: string, { run }: SourceContext): Promise<SourcePart> {
  const kind = kindOf(file)
  const info = await stat(file).catch((error: unknown) => {
    throw readError(file, kind, error)
  })
  return {
    name: file,
    id: path.resolve(file),
    unit: kind.content === 'arrow' ? 'row' : 'byte',
    size: info.isFile() && !kind.isCompressed && kind.content !== 'arrow' ? info.size : undefined,
    async *read(position, rows) {
      try {
        yield* kind.content === 'arrow'
          ? arrowBlocks(file, position, rows)
          : bytesOf(file, kind, position, rows, run.raw_word)
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

import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import { ExpectedError } from '../errors.js'
import { expandFiles } from './expand-files.js'
import { arrowBlocks } from './formats/arrow-blocks.js'
import { type ByteFeed, fileFeed, gzipFeed } from './formats/byte-feed.js'
import { daqBlocks } from './formats/daq-blocks.js'
import { textBlocks } from './formats/text-blocks.js'
import type { SourceBlock, SourceContext, SourcePart, SourceSpec } from './source.js'

/** What is taken from a folder; a file named by itself may have any name (it is text then). */
export const ROW_FILE_EXTENSIONS = ['.txt', '.csv', '.txt.gz', '.csv.gz', '.dat', '.dat.gz', '.arrow', '.arrows']

export const spec: SourceSpec = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `rows in files, in natural order: text (.txt .csv), raw words (.dat), Arrow IPC (.arrow), text and words also as .gz`,
  options: {},
  async parts(uri, context) {
    const files = await expandFiles(uri.path, ROW_FILE_EXTENSIONS)
    return Promise.all(files.map((file) => filePart(file, context)))
  },
}

async function filePart(file: string, { run }: SourceContext): Promise<SourcePart> {
  const compressed = file.endsWith('.gz')
  const kind = path.extname(compressed ? file.slice(0, -3) : file)
  const isArrow = kind === '.arrow' || kind === '.arrows'
  const { size } = await stat(file)
  return {
    name: file,
    size: compressed || isArrow ? undefined : size,
    async *read(position, rows) {
      if (!compressed && !isArrow && position > size)
        throw new ExpectedError(`${file} has ${size} bytes, but reading is to go on at byte ${position}`, [
          'the file is not the one that was read before: start again without --resume',
        ])
      try {
        if (isArrow) yield* arrowBlocks(file, position, rows)
        else
          yield* byteBlocks(
            compressed ? await gzipFeed(file, position) : await fileFeed(file, position),
            position,
            rows,
          )
      } catch (error) {
        throw readError(file, error)
      }
    },
  }

  async function* byteBlocks(
    feed: ByteFeed,
    position: number,
    rows: RowBuffer,
  ): AsyncGenerator<SourceBlock, void, void> {
    try {
      if (kind === '.dat') yield* daqBlocks(feed, position, rows, run.raw_word)
      else yield* textBlocks(feed, position, rows)
    } finally {
      await feed.close()
    }
  }
}

function readError(file: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error
  const { code, message } = error as NodeJS.ErrnoException
  return new ExpectedError(`cannot read ${file}: ${code === 'EACCES' ? 'permission denied' : message}`, [
    'check that it is whole and of the kind that its name says',
  ])
}

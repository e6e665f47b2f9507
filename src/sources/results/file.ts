import { open } from 'node:fs/promises'
import path from 'node:path'
import { EXIT, ExpectedError } from '../../errors.js'
import { expandFiles } from '../expand-files.js'
import { readArrowFile } from './arrow-file.js'
import { readNdjsonFile } from './ndjson-file.js'
import type { ResultsContext, ResultsSource } from './results-source.js'

/** Readers by extension. */
const READERS: Record<string, typeof readNdjsonFile> = {
  '.ndjson': readNdjsonFile,
  '.jsonl': readNdjsonFile,
  '.arrow': readArrowFile,
}
const EXTENSIONS = Object.keys(READERS)

export const source: ResultsSource = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `files of results in natural order: NDJSON (.ndjson .jsonl) and Arrow IPC (.arrow)`,
  options: {},
  async *read(uri, context) {
    const files = await expandFiles(uri.path, EXTENSIONS)
    const unknown = files.find((file) => !(path.extname(file) in READERS))
    if (unknown !== undefined) throw unknownKind(unknown)
    for (const file of files) yield* readFile(file, context)
  },
}

async function* readFile(file: string, { onForeign }: ResultsContext): ReturnType<typeof readNdjsonFile> {
  try {
    const handle = await open(file)
    try {
      yield* READERS[path.extname(file)](file, handle, onForeign)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw readError(file, error)
  }
}

function unknownKind(file: string): ExpectedError {
  return new ExpectedError(
    `${file} is no file of results by its name`,
    [`results are in ${EXTENSIONS.join(', ')}`],
    EXIT.usage,
  )
}

function readError(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof ExpectedError || code === undefined) return error
  const reason = code === 'EACCES' ? 'permission denied' : (error as Error).message
  return new ExpectedError(`cannot read ${file}: ${reason}`, ['check the path and the disk'])
}

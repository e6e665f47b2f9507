import path from 'node:path'
import type { Result } from '../../core/results/result.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { readError } from '../formats/read-error.js'
import type { Stored } from '../stored.js'
import { readNdjson } from './ndjson.js'
import type { ResultsContext } from './results-source.js'
import { readArrow, readParquet } from './tables.js'

/** Readers by extension. */
const READERS: Record<string, typeof readNdjson> = {
  '.ndjson': readNdjson,
  '.jsonl': readNdjson,
  '.arrow': readArrow,
  '.parquet': readParquet,
}
export const RESULT_EXTENSIONS: readonly string[] = Object.keys(READERS)

/**
 * The results of files or objects, one after the other, each read as its name says.
 * @throws ExpectedError where one is of no known kind, before anything is read
 */
export async function* resultsOf(all: readonly Stored[], context: ResultsContext): AsyncGenerator<Result> {
  const unknown = all.find(({ name }) => !Object.hasOwn(READERS, path.extname(name)))
  if (unknown) throw unknownKind(unknown.name)
  for (const stored of all) {
    try {
      yield* READERS[path.extname(stored.name)](stored, context.onForeign)
    } catch (error) {
      throw readError(stored.name, undefined, error)
    }
  }
}

function unknownKind(name: string): ExpectedError {
  return new ExpectedError(
    `${name} is no file of results by its name`,
    [`results are in ${RESULT_EXTENSIONS.join(', ')}`],
    EXIT.usage,
  )
}

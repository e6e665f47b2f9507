import { storedFiles } from '../stored-files.js'
import type { ResultsSource } from './results-source.js'
import { RESULT_EXTENSIONS, resultsOf } from './stored-results.js'

export const source: ResultsSource = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: 'files of results in natural order: NDJSON (.ndjson .jsonl), Arrow IPC (.arrow) and Parquet (.parquet)',
  options: {},
  async *read(uri, context) {
    yield* resultsOf(await storedFiles(uri.path, RESULT_EXTENSIONS), context)
  },
}

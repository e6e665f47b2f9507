import { storedObjects } from '../stored-objects.js'
import type { ResultsSource } from './results-source.js'
import { RESULT_EXTENSIONS, resultsOf } from './stored-results.js'

export const source: ResultsSource = {
  scheme: 's3',
  usage: 's3://BUCKET/PREFIX (objects whose keys begin so, or one key)',
  summary: 'objects of results in natural order: NDJSON (.ndjson .jsonl), Arrow IPC (.arrow) and Parquet (.parquet)',
  options: {},
  async *read(uri, context) {
    yield* resultsOf(await storedObjects(uri.text, RESULT_EXTENSIONS, context.s3 ?? {}), context)
  },
}

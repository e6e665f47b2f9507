import type { Result } from '../../core/results/result.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import { checkOptions, parseUri, type Uri } from '../../uri.js'
import type { ResultsContext, ResultsSource } from './results-source.js'

/** Every source of results: its scheme, and the file that has it. The next one is a line here and a file. */
const SOURCES: Record<string, () => Promise<{ source: ResultsSource }>> = {
  topic: () => import('./topic.js'),
  file: () => import('./file.js'),
  s3: () => import('./s3.js'),
}

/**
 * The results of all sources, one source after the other in the order given: topics up to where they end when their
 * turn comes, files in natural order. What is no result is told to `onForeign` and passed over.
 * @throws ExpectedError for a scheme or option that does not exist (before anything is read), or a source that is not there
 */
export async function* readResults(uris: readonly string[], context: ResultsContext): AsyncGenerator<Result> {
  const sources = await Promise.all(uris.map(loadSource))
  for (const { uri, source } of sources) yield* source.read(uri, context)
}

/** What each source of results says of itself, for help and documents. */
export function describeResultsSources(): Promise<ResultsSource[]> {
  return Promise.all(Object.values(SOURCES).map(async (load) => (await load()).source))
}

async function loadSource(text: string): Promise<{ uri: Uri; source: ResultsSource }> {
  const uri = parseUri(text)
  const load = Object.hasOwn(SOURCES, uri.scheme) ? SOURCES[uri.scheme] : undefined
  if (!load) throw unknownScheme(text, uri.scheme)
  const { source } = await load()
  checkOptions(uri, source)
  return { uri, source }
}

function unknownScheme(text: string, scheme: string): ExpectedError {
  const known = Object.keys(SOURCES)
  const nearest = nearestName(scheme, known)
  return new ExpectedError(
    `${text}: results cannot be read from '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [`sources of results: ${known.map((name) => `${name}:`).join(' ')}`],
    EXIT.usage,
  )
}

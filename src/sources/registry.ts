import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { checkOptions, parseUri } from '../uri.js'
import type { SourceContext, SourcePart, SourceSpec } from './source.js'

/** Every source: its scheme, and the file that has it. The next one is a line here and a file. */
const SOURCES: Record<string, () => Promise<{ spec: SourceSpec }>> = {
  file: () => import('./file.js'),
  s3: () => import('./s3.js'),
  sim: () => import('./sim.js'),
  topic: () => import('./topic.js'),
}

/**
 * The parts of all sources, in order.
 * @throws ExpectedError for a scheme or option that does not exist, or a source that is not there
 */
export async function openSources(uris: readonly string[], context: SourceContext): Promise<SourcePart[]> {
  const parts = await Promise.all(uris.map((uri) => openSource(uri, context)))
  return parts.flat()
}

async function openSource(text: string, context: SourceContext): Promise<SourcePart[]> {
  const uri = parseUri(text)
  const load = SOURCES[uri.scheme]
  if (!load) throw unknownScheme(text, uri.scheme)
  const { spec } = await load()
  checkOptions(uri, spec)
  return spec.parts(uri, context)
}

function unknownScheme(text: string, scheme: string): ExpectedError {
  const nearest = nearestName(scheme, Object.keys(SOURCES))
  return new ExpectedError(
    `${text}: there is no source '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [
      `sources of rows: ${Object.keys(SOURCES)
        .map((known) => `${known}:`)
        .join(' ')}`,
    ],
    EXIT.usage,
  )
}

/** What each source says of itself, for help and documents. */
export function describeSources(): Promise<SourceSpec[]> {
  return Promise.all(Object.values(SOURCES).map(async (load) => (await load()).spec))
}

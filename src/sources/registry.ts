import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { checkOptions, parseUri, type Uri } from '../uri.js'
import type { SourceContext, SourcePart, SourceSpec } from './source.js'

/** Every source: its scheme, and the file that has it. The next one is a line here and a file. */
const SOURCES: Record<string, () => Promise<{ spec: SourceSpec }>> = {
  file: () => import('./file.js'),
  s3: () => import('./s3.js'),
  sim: () => import('./sim.js'),
  topic: () => import('./topic.js'),
}

/** The schemes that are dtstream's own. */
export const SOURCE_SCHEMES: readonly string[] = Object.keys(SOURCES)

export interface SourceSurroundings extends SourceContext {
  /** sources that plug-ins bring along */
  plugged?: readonly SourceSpec[]
}

/**
 * The parts of all sources, in order.
 * @throws ExpectedError for a scheme or option that does not exist, or a source that is not there
 */
export async function openSources(uris: readonly string[], surroundings: SourceSurroundings): Promise<SourcePart[]> {
  const parts = await Promise.all(uris.map((uri) => openSource(uri, surroundings)))
  return parts.flat()
}

async function openSource(text: string, surroundings: SourceSurroundings): Promise<SourcePart[]> {
  const uri = parseUri(text)
  const spec = await findSpec(uri, surroundings.plugged ?? [])
  checkOptions(uri, spec)
  return spec.parts(uri, surroundings)
}

async function findSpec({ text, scheme }: Uri, plugged: readonly SourceSpec[]): Promise<SourceSpec> {
  if (Object.hasOwn(SOURCES, scheme)) return (await SOURCES[scheme]()).spec
  const found = plugged.find((spec) => spec.scheme === scheme)
  if (!found) throw unknownScheme(text, scheme, [...SOURCE_SCHEMES, ...plugged.map((spec) => spec.scheme)])
  return found
}

function unknownScheme(text: string, scheme: string, known: string[]): ExpectedError {
  const nearest = nearestName(scheme, known)
  return new ExpectedError(
    `${text}: there is no source '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [`sources of rows: ${known.map((name) => `${name}:`).join(' ')}`, 'a plug-in with another is named with --plugin'],
    EXIT.usage,
  )
}

/** What each source says of itself, for help and documents. */
export function describeSources(): Promise<SourceSpec[]> {
  return Promise.all(Object.values(SOURCES).map(async (load) => (await load()).spec))
}

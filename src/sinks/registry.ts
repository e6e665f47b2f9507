import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { checkOptions, parseUri } from '../uri.js'
import { abortAll } from './several.js'
import type { Sink, SinkContext, SinkSpec } from './sink.js'

/** Every sink: its scheme, and the file that has it. The next one is a line here and a file. */
const SINKS: Record<string, () => Promise<{ spec: SinkSpec }>> = {
  topic: () => import('./topic.js'),
  file: () => import('./file.js'),
  s3: () => import('./s3.js'),
  stdout: () => import('./stdout.js'),
  null: () => import('./null.js'),
}

/**
 * Opens the sink that a URI names; a bare path means `file:`.
 * @throws ExpectedError for a scheme or option that does not exist, or a sink that cannot be written to
 */
export async function openSink(text: string, context: SinkContext): Promise<Sink> {
  const uri = parseUri(text)
  const load = Object.hasOwn(SINKS, uri.scheme) ? SINKS[uri.scheme] : undefined
  if (!load) throw unknownScheme(text, uri.scheme)
  const { spec } = await load()
  checkOptions(uri, spec)
  return spec.open(uri, context)
}

/**
 * Opens all of them or none: where one cannot be opened, the others are given up.
 * @throws ExpectedError as `openSink`, and where a sink is named twice
 */
export async function openSinks(uris: readonly string[], context: SinkContext): Promise<Sink[]> {
  refuseTwice(uris)
  const sinks: Sink[] = []
  try {
    for (const uri of uris) sinks.push(await openSink(uri, context))
  } catch (error) {
    await abortAll(sinks)
    throw error
  }
  return sinks
}

/** What each sink says of itself, for help and documents. */
export function describeSinks(): Promise<SinkSpec[]> {
  return Promise.all(Object.values(SINKS).map(async (load) => (await load()).spec))
}

function unknownScheme(text: string, scheme: string): ExpectedError {
  const known = Object.keys(SINKS)
  const nearest = nearestName(scheme, known)
  return new ExpectedError(
    `${text}: there is no sink '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [`sinks of results: ${known.map((name) => `${name}:`).join(' ')}`],
    EXIT.usage,
  )
}

function refuseTwice(uris: readonly string[]): void {
  const seen = new Set<string>()
  for (const text of uris) {
    const { scheme, path } = parseUri(text)
    if (seen.has(`${scheme}:${path}`)) {
      throw new ExpectedError(`the sink ${text} is named twice`, ['name it once'], EXIT.usage)
    }
    seen.add(`${scheme}:${path}`)
  }
}

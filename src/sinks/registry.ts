import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { checkOptions, parseUri, type Uri } from '../uri.js'
import { GuardedSink, type OpenedSink } from './policy/guarded-sink.js'
import { POLICY_OPTIONS, type Policy, takePolicy } from './policy/policy.js'
import { abortAll } from './several.js'
import type { Sink, SinkContext, SinkSpec } from './sink.js'

/** Every sink: its scheme, and the file that has it. The next one is a line here and a file. */
const SINKS: Record<string, () => Promise<{ spec: SinkSpec }>> = {
  topic: () => import('./topic.js'),
  file: () => import('./file.js'),
  s3: () => import('./s3.js'),
  postgres: () => import('./postgres.js'),
  stdout: () => import('./stdout.js'),
  null: () => import('./null.js'),
}

/** The schemes that are dtstream's own. */
export const SINK_SCHEMES: readonly string[] = Object.keys(SINKS)

export interface SinkSurroundings extends SinkContext {
  /** sinks that plug-ins bring along */
  plugged?: readonly SinkSpec[]
  /** told when a sink first fails, and what happens then */
  onNotice?(sentence: string): void
}

/**
 * Opens the sink that a URI names; a bare path means `file:`.
 * @throws ExpectedError for a scheme or option that does not exist, or a sink that cannot be written to
 */
export async function openSink(text: string, surroundings: SinkSurroundings): Promise<OpenedSink> {
  const uri = parseUri(text)
  const spec = await findSpec(uri, surroundings.plugged ?? [])
  if (spec.scheme === 'topic') {
    checkOptions(uri, spec)
    return spec.open(uri, surroundings)
  }
  const { policy, own } = takePolicy(uri)
  checkOptions(own, { ...spec, options: { ...spec.options, ...POLICY_OPTIONS } })
  const sink = await spec.open(own, surroundings)
  try {
    return await guard(sink, policy, surroundings)
  } catch (error) {
    await sink.abort()
    throw error
  }
}

/**
 * Opens all of them or none: where one cannot be opened, the others are given up.
 * @throws ExpectedError as `openSink`, and where a sink is named twice
 */
export async function openSinks(uris: readonly string[], surroundings: SinkSurroundings): Promise<OpenedSink[]> {
  refuseTwice(uris)
  const sinks: OpenedSink[] = []
  try {
    for (const uri of uris) sinks.push(await openSink(uri, surroundings))
  } catch (error) {
    await abortAll(sinks)
    throw error
  }
  return sinks
}

async function guard(sink: Sink, policy: Policy, surroundings: SinkSurroundings): Promise<OpenedSink> {
  if (policy.onFailure !== 'retry' && sink.durable !== 'write')
    throw new ExpectedError(
      `${sink.name} has its results safe only when it is closed, and all are lost where one cannot be written: it cannot go on with on-failure=${policy.onFailure}`,
      ['use a sink that has each result safe when it is written'],
      EXIT.usage,
    )
  return new GuardedSink(sink, {
    policy,
    fallback: policy.fallback === undefined ? undefined : await openFallback(policy.fallback, surroundings),
    onNotice: surroundings.onNotice ?? (() => undefined),
    now: () => performance.now(),
    random: Math.random,
  })
}

async function openFallback(text: string, surroundings: SinkSurroundings): Promise<Sink> {
  const way = parseUri(text).options.get('on-failure') ?? 'retry'
  if (way !== 'retry')
    throw new ExpectedError(`${text} is a fallback itself, and cannot have on-failure=${way}`, [], EXIT.usage)
  const sink = await openSink(text, surroundings)
  if (sink.durable !== 'close') return sink
  await sink.abort()
  throw new ExpectedError(
    `${text} has its results safe only when it is closed, so it is no fallback`,
    ['use one that has each result safe when it is written, as topic:NAME or file:FOLDER/'],
    EXIT.usage,
  )
}

async function findSpec({ text, scheme }: Uri, plugged: readonly SinkSpec[]): Promise<SinkSpec> {
  if (Object.hasOwn(SINKS, scheme)) return (await SINKS[scheme]()).spec
  const found = plugged.find((spec) => spec.scheme === scheme)
  if (!found) throw unknownScheme(text, scheme, [...SINK_SCHEMES, ...plugged.map((spec) => spec.scheme)])
  return found
}

/** What each sink says of itself, for help and documents. */
export function describeSinks(): Promise<SinkSpec[]> {
  return Promise.all(Object.values(SINKS).map(async (load) => (await load()).spec))
}

function unknownScheme(text: string, scheme: string, known: string[]): ExpectedError {
  const nearest = nearestName(scheme, known)
  return new ExpectedError(
    `${text}: there is no sink '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [`sinks of results: ${known.map((name) => `${name}:`).join(' ')}`, 'a plug-in with another is named with --plugin'],
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

import type { RunFile } from '../../core/run-file/run-file.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import type { S3Settings } from '../../s3/settings.js'
import { checkOptions, parseUri, type SchemeSpec } from '../../uri.js'
import { AtMost } from '../at-most.js'
import type { Store } from '../stores/store.js'
import { HITS_FORMATS, type HitsFormat, hitsFiles } from './hits-files.js'
import type { HitsSink } from './hits-sink.js'

export interface HitsContext {
  /** whose hits these are: it names the files */
  group: string
  run: RunFile
  /** how S3 is reached; without it, as the environment says */
  s3?: S3Settings
}

/** What hits sinks say of themselves, for help and documents: all of them put files into a store. */
export interface HitsSpec extends SchemeSpec {
  summary: string
}

const OPTIONS = { format: '`parquet` (the default) or `arrow`' }

/** Every place for hits: what it says of itself, and how its store is opened. The next one is an entry here. */
const PLACES: Record<string, HitsSpec & { open(name: string, path: string, context: HitsContext): Promise<Store> }> = {
  file: {
    scheme: 'file',
    usage: 'file:FOLDER (a bare path means this)',
    summary: 'a folder, made where it is missing, with files by run and hour: run=R/hour=H/...',
    options: OPTIONS,
    open: async (name, path) => (await import('../stores/folder.js')).openFolderStore(name, path),
  },
  s3: {
    scheme: 's3',
    usage: 's3://BUCKET/PREFIX',
    summary: 'a bucket: objects below a prefix, named as the files are',
    options: OPTIONS,
    open: async (name, _path, { s3 }) => (await import('../stores/bucket.js')).openBucketStore(name, s3),
  },
}

/** Parts that are written at once. */
const MOST_AT_ONCE = 2

/**
 * Opens the place for hits that a URI names.
 * @throws ExpectedError for a scheme or option that does not exist, or a place that cannot be written to
 */
export async function openHitsSink(text: string, context: HitsContext): Promise<HitsSink> {
  const uri = parseUri(text)
  const place = Object.hasOwn(PLACES, uri.scheme) ? PLACES[uri.scheme] : undefined
  if (!place) throw unknownScheme(text, uri.scheme)
  checkOptions(uri, place)
  const format = formatOf(text, uri.options)
  if (uri.path === '') throw new ExpectedError(`${text} names no place for hits`, [place.usage], EXIT.usage)
  return hitsSink(await place.open(text, uri.path, context), format, context)
}

export function describeHitsSinks(): HitsSpec[] {
  return Object.values(PLACES)
}

function hitsSink(store: Store, format: HitsFormat, { group, run }: HitsContext): HitsSink {
  const parts = new AtMost(MOST_AT_ONCE)
  const finish = async () => {
    await parts.settled()
    await store.close()
  }
  return {
    name: store.name,
    write: (part) =>
      parts.run(async () => {
        for await (const { name, bytes } of hitsFiles(part, { group, run, format })) await store.put(name, bytes)
      }),
    close: finish,
    abort: finish,
  }
}

function formatOf(text: string, options: URLSearchParams): HitsFormat {
  const value = options.get('format') ?? 'parquet'
  const format = HITS_FORMATS.find((one) => one === value)
  if (format) return format
  throw new ExpectedError(`${text}: format is ${HITS_FORMATS.join(' or ')}, not '${value}'`, [], EXIT.usage)
}

function unknownScheme(text: string, scheme: string): ExpectedError {
  const known = Object.keys(PLACES)
  const nearest = nearestName(scheme, known)
  return new ExpectedError(
    `${text}: hits cannot be written to '${scheme}:'${nearest ? `; did you mean '${nearest}:'?` : ''}`,
    [`places for hits: ${known.map((name) => `${name}:`).join(' ')}`],
    EXIT.usage,
  )
}

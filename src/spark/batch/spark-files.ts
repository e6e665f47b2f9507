import path from 'node:path'
import { parseRecordedName } from '../../core/hits/recording.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { inNaturalOrder } from '../../natural-order.js'
import { s3Place } from '../../s3/place.js'
import { ROW_EXTENSIONS, rowsKindOf } from '../../sources/formats/kinds.js'
import { parseUri } from '../../uri.js'
import { SparkError } from '../connect/failures.js'
import { read, sql } from '../connect/relations.js'
import type { SparkSession } from '../connect/session.js'

/** A file or an object as Spark finds it. */
export interface SparkFile {
  /** as a source's part is called by its id: an absolute path, or the object with what tells its content */
  id: string
  /** as Spark calls it, and is asked for it */
  path: string
  content: 'text' | 'words'
  isCompressed: boolean
  /** bytes, as they are stored */
  size: number
}

const GLOB = /[*?{[]/
/** What Hadoop unpacks by its extension, and the core takes for what it is. */
const OTHER_CODECS = ['.bz2', '.deflate', '.lz4', '.snappy', '.zst']
const LISTED = 'listed_files'

interface Listed {
  path: string
  length: number
  changedAt: number
}

/**
 * The files that URIs mean, in the order in which the core reads them. Spark lists them, so they are where Spark runs.
 * @throws ExpectedError where there are none, one is named twice, or holds what Spark's SQL cannot read
 */
export async function listFiles(session: SparkSession, uris: readonly string[]): Promise<SparkFile[]> {
  const files: SparkFile[] = []
  for (const uri of uris) files.push(...(await filesOf(session, uri)))
  const seen = new Set<string>()
  for (const { path } of files) {
    if (seen.has(path))
      throw refused(`${path} is named twice, and its rows would be counted twice`, [
        'name it once; a folder or glob may have it too',
      ])
    seen.add(path)
  }
  return files
}

async function filesOf(session: SparkSession, uri: string): Promise<SparkFile[]> {
  const target = targetOf(uri)
  const found = await list(session, target, uri)
  const one = found.filter(({ path }) => path === target.one)
  const isMeant = ({ path }: Listed) => target.takesAll || ROW_EXTENSIONS.some((extension) => path.endsWith(extension))
  const files = one.length > 0 ? one : found.filter(isMeant).sort((a, b) => inNaturalOrder(a.path, b.path))
  if (files.length === 0)
    throw new ExpectedError(`Spark finds no file with rows in ${uri}`, [
      `files are known by their extension: ${ROW_EXTENSIONS.join(' ')}`,
      NOT_HERE,
    ])
  return files.map(fileOf)
}

const NOT_HERE = 'Spark looks where it runs: on a cluster the folder must be the same for all of it'

interface Target {
  path: string
  /** what is named by itself may have any name */
  one: string
  /** a glob takes what it matches, a folder what has our extensions */
  takesAll: boolean
  isRecursive: boolean
}

function targetOf(uri: string): Target {
  const { scheme, path: place } = parseUri(uri)
  if (scheme === 's3') {
    const { bucket, key } = s3Place(uri)
    const begin = `s3a://${bucket}/`
    return { path: `${begin}${escaped(key)}*`, one: `${begin}${key}`, takesAll: false, isRecursive: true }
  }
  if (scheme !== 'file')
    throw refused(`--engine spark does not read ${scheme}: sources`, [
      'files, folders, globs and s3://BUCKET/PREFIX; without --engine spark every source is read',
      'dtstream replay puts the rows of any source into a topic',
    ])
  const target = path.resolve(place)
  return { path: target, one: target, takesAll: GLOB.test(place), isRecursive: false }
}

async function list(session: SparkSession, { path, isRecursive }: Target, uri: string): Promise<Listed[]> {
  const options = { recursiveFileLookup: String(isRecursive) }
  try {
    await session.createView(LISTED, read({ format: 'binaryFile', options, paths: [path] }))
    const rows = await session.collect(
      sql(`SELECT path, length, unix_seconds(modificationTime) changedAt FROM ${LISTED}`),
    )
    return rows.map((row) => ({ ...(row as unknown as Listed), path: plainPath(String(row.path)) }))
  } catch (error) {
    if (error instanceof SparkError && error.errorClass === 'PATH_NOT_FOUND')
      throw new ExpectedError(`Spark finds nothing at ${uri}`, ['check the path', NOT_HERE])
    throw error
  }
}

/** Local paths without `file:`, others as they are. */
function plainPath(path: string): string {
  return path.replace(/^file:\/*/, '/')
}

/** The path in what `input_file_name()` of Spark gives. */
export function pathOfInput(name: string): string {
  return plainPath(decodeURIComponent(name))
}

/** Of a path: for Hadoop, to which all of them are globs. */
export function escaped(path: string): string {
  return path.replaceAll(/[\\*?{}[\]]/g, '\\$&')
}

function fileOf({ path: file, length, changedAt }: Listed): SparkFile {
  const s3 = /^s3a:\/\//.test(file)
  const id = s3 ? `${file.replace('s3a:', 's3:')} of ${length} bytes, changed at ${changedAt} s` : file
  if (parseRecordedName(file)) throw unreadable(file, 'recorded hits')
  const { content, compression } = rowsKindOf(file)
  if (content === 'arrow' || content === 'parquet') throw unreadable(file, content)
  const codec = OTHER_CODECS.find((extension) => file.endsWith(extension))
  if (codec !== undefined) throw unreadable(file, `packed as ${codec}`)
  if (content === 'words' && compression) throw unreadable(file, 'packed raw words')
  return { id, path: file, content, isCompressed: compression !== undefined, size: length }
}

function unreadable(file: string, what: string): ExpectedError {
  return refused(`--engine spark does not read ${file}: it is ${what}`, [
    'text (.txt .csv, also as .gz) and raw words (.dat) are read; without --engine spark all kinds are',
  ])
}

function refused(sentence: string, suggestions: string[]): ExpectedError {
  return new ExpectedError(sentence, suggestions, EXIT.usage)
}

import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import { findInconsistency } from './consistency.js'
import { DEFAULT_RUN, type RunFile } from './run-file.js'
import { runFileSchema } from './schema.js'

type Path = readonly PropertyKey[]

/**
 * Reads a run file. A key of the top level or of its health section that is left out has the default run's value.
 * @param fileName only named in messages
 * @throws ExpectedError for what is wrong first: file, line, field, what it should be
 */
export function parseRunFile(yamlText: string, fileName: string): RunFile {
  const lines = new LineCounter()
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const file = new OpenFile(fileName, document, lines)
  if (document.errors.length > 0) {
    const [{ code, message, pos }] = document.errors
    const twice = code === 'DUPLICATE_KEY' ? /^[^\s:]+/.exec(yamlText.slice(pos[0])) : undefined
    throw file.error(twice ? `${twice[0]} is given twice` : `this is not YAML: ${message}`, lines.linePos(pos[0]).line)
  }
  const content = toPlain(document, file)
  if (content === null) throw file.error('there is nothing in it but blanks and comments', undefined)
  const { data, error } = runFileSchema.safeParse(content)
  if (error) throw file.errorOf(mostTelling(error.issues), content)
  const run = { ...DEFAULT_RUN, ...data, health: { ...DEFAULT_RUN.health, ...data.health } }
  const wrong = findInconsistency(run)
  if (wrong) throw file.error(`${pathName(wrong.path)} ${wrong.message}`, file.lineOf(wrong.path))
  return run
}

function toPlain(document: Document, file: OpenFile): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw file.error(`this cannot be read: ${error instanceof Error ? error.message : error}`, undefined)
  }
}

/** A mistyped key also makes the right one missing, so the key that nobody knows is told first. */
function mostTelling(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  return issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0]
}

/** A file being read: knows where its fields stand. */
class OpenFile {
  constructor(
    private readonly name: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  error(what: string, line: number | undefined, suggestions: string[] = []): ExpectedError {
    const place = line === undefined ? this.name : `${this.name}, line ${line}`
    return new ExpectedError(`${place}: ${what}`, suggestions)
  }

  errorOf(issue: z.core.$ZodIssue, content: unknown): ExpectedError {
    if (issue.code === 'unrecognized_keys') return this.unknownKey(issue.path, issue.keys[0])
    const value = valueAt(content, issue.path)
    const field = pathName(issue.path)
    const what =
      value === undefined
        ? `${field} is missing: it ${issue.message}`
        : `${field} ${issue.message}, not ${shown(value)}`
    return this.error(what, this.lineOf(issue.path))
  }

  /** The line where a field begins, or the nearest of those around it; undefined for a field that is not in the file. */
  lineOf(path: Path): number | undefined {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.document.getIn(path.slice(0, depth), true)
      if (isNode(node) && node.range) return this.lines.linePos(node.range[0]).line
    }
    return undefined
  }

  private unknownKey(path: Path, key: string): ExpectedError {
    const known = knownKeys(path)
    const nearest = nearestName(key, known)
    const what = `${pathName([...path, key])} is not a field of a run file`
    const suggestions = [`fields here: ${known.join(', ')}`]
    return this.error(nearest ? `${what}, did you mean ${nearest}?` : what, this.lineOfKey(path, key), suggestions)
  }

  private lineOfKey(path: Path, key: string): number | undefined {
    const parent = path.length === 0 ? this.document.contents : this.document.getIn(path, true)
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === key) : undefined
    return isNode(pair?.key) && pair.key.range ? this.lines.linePos(pair.key.range[0]).line : this.lineOf(path)
  }
}

/** A run with every key that there is. */
const EXAMPLE: RunFile = {
  ...DEFAULT_RUN,
  health: { ...DEFAULT_RUN.health, ignore_cells: [{ chamber: 0, cell: 0 }] },
}

/** The keys that a mapping of the run file has. */
function knownKeys(path: Path): string[] {
  const example = valueAt(
    EXAMPLE,
    path.map((step) => (typeof step === 'number' ? 0 : step)),
  )
  return Object.keys(example ?? {})
}

function valueAt(content: unknown, path: Path): unknown {
  let value = content
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step]
  return value
}

function pathName(path: Path): string {
  if (path.length === 0) return 'the file'
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${keyName(step)}`))
    .join('')
}

function keyName(key: PropertyKey): string {
  return /^\w+$/.test(String(key)) ? String(key) : JSON.stringify(String(key))
}

function shown(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  if (typeof value !== 'string') return String(value)
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)
}

import { readFile } from 'node:fs/promises'
import { EXIT, ExpectedError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { fileProblem } from './file-problem.js'

/** A YAML file with flags by command: `replay: {rate: 1000/s}`; those under `all` are for every command that has them. */
export interface ConfigFile {
  readonly path: string
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, unknown>>
}

/** Commands as typed (`topics create`), and the flags of each that a file may set. */
export type KnownFlags = ReadonlyMap<string, readonly string[]>

export interface ConfigEntry {
  /** the section it stands in: the command, or `all` */
  section: string
  key: string
  value: unknown
}

/** The section for flags common to commands. */
export const ALL_COMMANDS = 'all'

/**
 * Reads a config file.
 * @param required whether it has been asked for by name; the default one may be missing
 * @throws ExpectedError (exit code 2) where it cannot be read, is no YAML, or is not laid out in sections
 */
export async function readConfigFile(path: string, required: boolean): Promise<ConfigFile | undefined> {
  const text = await readText(path, required)
  if (text === undefined) return undefined
  const { parse } = await import('yaml')
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw configError(path, `it is not YAML: ${firstLine(error)}`)
  }
  if (content === null) return { path, sections: new Map() }
  if (!isMapping(content)) throw configError(path, 'sections named after commands belong there', EXAMPLE)
  const sections = new Map<string, ReadonlyMap<string, unknown>>()
  for (const [name, section] of Object.entries(content)) {
    if (section !== null && !isMapping(section)) throw configError(`${path}: ${name}`, 'flags belong there', EXAMPLE)
    sections.set(name, new Map(Object.entries(section ?? {})))
  }
  return { path, sections }
}

/**
 * What the file sets for a command: its own section first, then `all`. The whole file is checked first.
 * @throws ExpectedError (exit code 2) that names file, section and key where a command or flag is not known
 */
export function entriesFor(file: ConfigFile, command: string, known: KnownFlags): ConfigEntry[] {
  for (const [section, keys] of file.sections) {
    const flags = section === ALL_COMMANDS ? [...known.values()].flat() : known.get(section)
    if (!flags) throw unknownSection(file.path, section, known)
    for (const key of keys.keys()) {
      if (!flags.includes(key)) throw unknownKey(file.path, section, key, flags)
    }
  }
  const entries = new Map<string, ConfigEntry>()
  for (const section of [ALL_COMMANDS, command]) {
    for (const [key, value] of file.sections.get(section) ?? []) {
      if (known.get(command)?.includes(key)) entries.set(key, { section, key, value })
    }
  }
  return [...entries.values()]
}

/** An error in a file: `where` is the path, with section and key behind it. */
export function configError(where: string, what: string, ...suggestions: string[]): ExpectedError {
  return new ExpectedError(`config file ${where}: ${what}`, suggestions, EXIT.usage)
}

const EXAMPLE = 'replay: {rate: 1000/s}'

async function readText(path: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw configError(path, `it cannot be read: ${fileProblem(error)}`)
  }
}

function unknownSection(path: string, section: string, known: KnownFlags): ExpectedError {
  const near = nearestName(section, [ALL_COMMANDS, ...known.keys()])
  return configError(`${path}: ${section}`, 'there is no command of this name', ...(near ? [`${near}:`] : []))
}

function unknownKey(path: string, section: string, key: string, flags: readonly string[]): ExpectedError {
  const near = nearestName(key, flags)
  const owner = section === ALL_COMMANDS ? 'no command has' : `${section} does not have`
  return configError(`${path}: ${section}.${key}`, `${owner} this flag`, ...(near ? [`${near}:`] : []))
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]
}

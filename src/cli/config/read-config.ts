import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { EXIT, ExpectedError } from '../../errors.js'
import { fileProblem } from '../file-problem.js'
import type { ConfigFile } from './config-file.js'
import { findConfig } from './find-config.js'

/** Where config files may be. */
export interface ConfigPlaces {
  /** the file asked for by `--config` or DTSTREAM_CONFIG, in place of one that would be found */
  named: string | undefined
  /** the user's configuration folder */
  userFolder: string
  warn: (sentence: string) => void
}

/**
 * The config files that are there, those first that count more: the one named or found, then the user's own.
 * @throws ExpectedError (exit code 2) where one cannot be read, or is not laid out in sections
 */
export async function readConfigFiles({ named, userFolder, warn }: ConfigPlaces): Promise<ConfigFile[]> {
  const cwd = process.cwd()
  const found = named ?? findConfig({ from: cwd, home: realHome(), warn })
  const user = join(userFolder, 'config.yaml')
  const files = [
    ...(found === undefined ? [] : [await readConfig(found, named ?? shownPath(found, cwd))]),
    ...(found !== undefined && resolve(found) === user ? [] : [await readConfig(user, user, false)]),
  ]
  return files.filter((file) => file !== undefined)
}

/** @param isThere whether it must be there */
async function readConfig(path: string, shown: string, isThere = true): Promise<ConfigFile | undefined> {
  const text = await readText(path, shown, isThere)
  // nothing is in it, and the library that reads YAML need not be loaded
  if (text.trim() === '') return undefined
  const { parseConfig } = await import('./parse-config.js')
  return parseConfig(text, shown, dirname(resolve(path)))
}

async function readText(path: string, shown: string, isThere: boolean): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!isThere && (error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new ExpectedError(`the config file ${shown} cannot be read: ${fileProblem(error)}`, [], EXIT.usage)
  }
}

/** A file of the current folder by its name alone, any other by its whole path. */
function shownPath(path: string, cwd: string): string {
  return dirname(path) === cwd ? path.slice(cwd.length).replace(/^[/\\]/, '') : path
}

/** The current folder has no links in its path, and the two are compared. */
function realHome(): string {
  try {
    return realpathSync(homedir())
  } catch {
    return homedir()
  }
}

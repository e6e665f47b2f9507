import { stat } from 'node:fs/promises'
import path from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { ExpectedError } from '../errors.js'

const natural = new Intl.Collator('en', { numeric: true })

/**
 * The files that a path means: itself, what a folder holds with one of these extensions, or what a glob matches;
 * in natural order (`data_2` before `data_10`).
 * @throws ExpectedError where there are none
 */
export async function expandFiles(target: string, extensions: readonly string[]): Promise<string[]> {
  const info = await stat(target).catch(() => undefined)
  if (info?.isFile() || info?.isFIFO() || info?.isCharacterDevice()) return [target]
  const pattern = info?.isDirectory() ? `*{${extensions.join(',')}}` : target
  if (!info && !isDynamicPattern(target))
    throw new ExpectedError(`no such file: ${target}`, [
      'check the path; a glob must be quoted so that the shell leaves it',
    ])
  const found = await glob([pattern], { cwd: info ? target : process.cwd(), onlyFiles: true, dot: false })
  if (found.length === 0)
    throw new ExpectedError(info ? `the folder ${target} holds no file with rows` : `no file matches ${target}`, [
      `files are known by their extension: ${extensions.join(' ')}`,
    ])
  return found.map((file) => (info ? path.join(target, file) : file)).sort(natural.compare)
}

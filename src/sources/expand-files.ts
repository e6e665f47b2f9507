import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { ExpectedError } from '../errors.js'
import { inNaturalOrder } from '../natural-order.js'

/**
 * The files that a path means: itself, what a folder holds with one of these extensions, or what a glob matches;
 * in natural order (`data_2` before `data_10`).
 * @param below folders of the folder that are looked into too, as a glob that ends in /
 * @throws ExpectedError where there are none
 */
export async function expandFiles(target: string, extensions: readonly string[], below?: string): Promise<string[]> {
  const info = await statOf(target)
  if (info?.isDirectory()) return filesIn(target, extensions, below)
  if (info) return [target]
  if (!isDynamicPattern(target))
    throw new ExpectedError(`no such file: ${target}`, [
      'check the path; a glob must be quoted so that the shell leaves it',
    ])
  const found = await glob([target], { onlyFiles: true, absolute: path.isAbsolute(target) })
  if (found.length === 0) throw nothingFound(`no file matches ${target}`, extensions)
  return found.sort(inNaturalOrder)
}

async function filesIn(folder: string, extensions: readonly string[], below?: string): Promise<string[]> {
  const names = `*{${extensions.join(',')}}`
  const patterns = below === undefined ? [names] : [names, `${below}${names}`]
  const found = await glob(patterns, { cwd: folder, onlyFiles: true })
  if (found.length === 0) throw nothingFound(`the folder ${folder} holds no file of these kinds`, extensions)
  return found.sort(inNaturalOrder).map((file) => path.join(folder, file))
}

async function statOf(target: string): Promise<Stats | undefined> {
  try {
    return await stat(target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') throw new ExpectedError(`cannot look at ${target}: permission denied`)
    return undefined
  }
}

function nothingFound(sentence: string, extensions: readonly string[]): ExpectedError {
  return new ExpectedError(sentence, [`files are known by their extension: ${extensions.join(' ')}`])
}

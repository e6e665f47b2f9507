import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Interfaces } from '@oclif/core'
import { parseUri } from '../../uri.js'

/** What a flag's help says of its value, where that is or may be the path of a file. */
const PATHS: readonly unknown[] = ['FILE', 'DIR']
const URIS: readonly unknown[] = ['URI']

/** A flag's value in a file, with a relative path in it made absolute: it begins in the file's own folder. */
export function fromFolder(text: string, flag: Interfaces.FlagInput[string], folder: string): string {
  if (flag.type === 'boolean') return text
  if (PATHS.includes(flag.helpValue)) return absolute(text, folder)
  return URIS.includes(flag.helpValue) ? absoluteUri(text, folder) : text
}

function absoluteUri(text: string, folder: string): string {
  const { scheme, path } = parseUri(text)
  if (scheme !== 'file') return text
  if (!text.startsWith('file:')) return absolute(text, folder)
  const query = text.indexOf('?')
  return `file:${absolute(path, folder)}${query < 0 ? '' : text.slice(query)}`
}

/** In arguments the shell reads `~`; in a file nobody else does. */
function absolute(path: string, folder: string): string {
  if (path === '') return path
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path)
}

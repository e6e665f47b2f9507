import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Interfaces } from '@oclif/core'
import { parseUri, schemeOf } from '../../uri.js'

/** What a flag's help says of its value, where that is or may be the path of a file. */
const PATHS: readonly unknown[] = ['FILE', 'DIR']
const URIS: readonly unknown[] = ['URI']

/** A flag's value in a file, with a relative path in it made absolute: it begins in the file's own folder. */
export function fromFolder(text: string, flag: Interfaces.FlagInput[string], folder: string): string {
  if (flag.type === 'boolean') return text
  if (PATHS.includes(flag.helpValue)) return absolute(text, folder)
  // a package, unless it begins as a path does
  if (flag.helpValue === 'PACKAGE') return /^[.~]/.test(text) ? absolute(text, folder) : text
  return URIS.includes(flag.helpValue) ? absoluteUri(text, folder) : text
}

function absoluteUri(text: string, folder: string): string {
  // one with a password is refused when it is used, and shown without it before
  if (schemeOf(text) !== 'file') return text
  if (!text.startsWith('file:')) return absolute(text, folder)
  const query = text.indexOf('?')
  return `file:${absolute(parseUri(text).path, folder)}${query < 0 ? '' : text.slice(query)}`
}

/** In arguments the shell reads `~`; in a file nobody else does. */
function absolute(path: string, folder: string): string {
  if (path === '') return path
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path)
}

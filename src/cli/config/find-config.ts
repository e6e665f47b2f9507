import { type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EXIT, ExpectedError } from '../../errors.js'

const NAMES = ['dtstream.yaml', 'dtstream.yml']
const WRITABLE_BY_ALL = 0o002
const ROOT = 0

/** Where the search begins and ends, and what is told of it. */
export interface Search {
  /** the current folder */
  from: string
  /** where the search ends, if it comes by; else it ends at the root */
  home: string
  /** told of a file that is passed over, in a sentence */
  warn: (sentence: string) => void
}

/**
 * The nearest dtstream.yaml or dtstream.yml: in the current folder or one above it, up to the home folder or the root.
 * @throws ExpectedError (exit code 2) where both names are in one folder
 */
export function findConfig({ from, home, warn }: Search): string | undefined {
  for (const folder of upwards(from, home)) {
    const found = NAMES.map((name) => join(folder, name)).filter((path) => stats(path)?.isFile())
    if (found.length > 1)
      throw new ExpectedError(`${found.join(' and ')} are both there`, ['one of them alone'], EXIT.usage)
    const [path] = found
    if (path === undefined) continue
    if (isTrusted(stats(path), stats(folder), process.getuid?.())) return path
    warn(
      `${path} is passed over: it is someone else's, in a folder that anybody may write to; --config ${path} takes it`,
    )
  }
  return undefined
}

function* upwards(from: string, home: string): Generator<string> {
  let folder = from
  while (true) {
    yield folder
    const above = dirname(folder)
    if (folder === home || above === folder) return
    folder = above
  }
}

/** A file may name programs and servers: what anybody can put above a folder of ours, as into /tmp, is not taken unasked. */
export function isTrusted(
  file: Pick<Stats, 'uid'> | undefined,
  folder: Pick<Stats, 'mode'> | undefined,
  user: number | undefined,
): boolean {
  if (user === undefined || !file || !folder) return true
  return [user, ROOT].includes(file.uid) || (folder.mode & WRITABLE_BY_ALL) === 0
}

function stats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // a folder that may not be looked into holds nothing for us
    return undefined
  }
}

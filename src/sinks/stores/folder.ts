import { randomBytes } from 'node:crypto'
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { writeError } from '../write-error.js'
import type { Store } from './store.js'
import { syncFolder } from './synced-folder.js'

/** Codes of file systems that have no hard links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']

/**
 * A folder as a store, made where it is missing. A file is written under a hidden name, and on the disk before it gets its
 * own. What a process that was killed leaves is hidden and ends in `.part`: nobody takes it for a file of the store.
 * @throws ExpectedError where the folder cannot be made
 */
export async function openFolderStore(name: string, root: string): Promise<Store> {
  const made = new Map<string, Promise<void>>()
  /** Made once, with what is above it on the disk. */
  const ready = (folder: string) => {
    const making = made.get(folder) ?? makeFolder(root, folder)
    made.set(folder, making)
    making.catch(() => made.delete(folder))
    return making
  }
  await ready(root)
  return {
    name,
    async put(file, bytes) {
      const target = path.join(root, file)
      await ready(path.dirname(target))
      return putFile(target, bytes)
    },
    async close() {},
  }
}

async function makeFolder(root: string, folder: string): Promise<void> {
  try {
    const topmost = await mkdir(folder, { recursive: true })
    await syncAbove(path.resolve(folder), path.dirname(path.resolve(topmost ?? root)))
  } catch (error) {
    throw writeError(folder, error)
  }
}

/** Also where nothing was made now: who made it may have been killed before its name was on the disk. */
async function syncAbove(folder: string, highest: string): Promise<void> {
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    await syncFolder(at).catch((error: NodeJS.ErrnoException) => {
      // where nobody of ours may look, nobody of ours has made anything
      if (error.code !== 'EACCES') throw error
    })
    if (at === highest || at === path.dirname(at)) return
  }
}

async function putFile(target: string, bytes: Uint8Array): Promise<'written' | 'there'> {
  const { dir, base } = path.parse(target)
  const hidden = path.join(dir, `.${base}.${randomBytes(4).toString('hex')}.part`)
  try {
    const written = !(await exists(target)) && (await writeHidden(hidden, bytes)) && (await giveName(hidden, target))
    await syncFolder(dir)
    return written ? 'written' : 'there'
  } catch (error) {
    await rm(hidden, { force: true }).catch(() => {})
    throw writeError(target, error)
  }
}

async function writeHidden(hidden: string, bytes: Uint8Array): Promise<true> {
  const handle = await open(hidden, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return true
}

/** Gives the file its name; false where somebody else has been quicker: theirs stays. */
async function giveName(hidden: string, target: string): Promise<boolean> {
  const named = await linked(hidden, target)
  if (named === undefined && !(await exists(target))) {
    // without links the last of two at once remains: of that name, so of the same content
    await rename(hidden, target)
    return true
  }
  await rm(hidden)
  return named === true
}

/** Undefined where the file system has no links. */
async function linked(hidden: string, target: string): Promise<boolean | undefined> {
  try {
    await link(hidden, target)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (NO_LINKS.includes(code)) return undefined
    throw error
  }
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined
}

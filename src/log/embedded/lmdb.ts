import { accessSync, constants, existsSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'lmdb'
import { checkDataFile } from './data-file.js'
import { diskFull, explain, freeBytes, MIN_FREE_BYTES } from './failures.js'

/** One open lmdb environment, with its one tree. lmdb's types leave out the last two. */
export type Lmdb = Database<Buffer, Uint8Array> & {
  readonly env: { info(): { lastTxnId: number } }
  /** number of the write transaction under way; 0 where it could not be begun, which lmdb does not tell otherwise */
  getWriteTxnId(): number
}

/** What `openAsClass` really returns; lmdb's types describe something else. A null name is the one tree without a name. */
interface LmdbClass {
  new (name: null, options: typeof TREE_OPTIONS): Lmdb
  readonly prototype: Lmdb
}

const TREE_OPTIONS = { isRoot: true, encoding: 'binary', keyEncoding: 'binary' } as const
/** lmdb makes the lock file large enough for this many readers; each open log of a process or a thread is one or two. */
const MAX_READERS = 512
const LOCK_FILE_BYTES = 64 * 1024
const MAX_TRIES = 20
/** What lmdb says where another process gave up the lock file at the very moment we opened it. */
const LOCK_GONE = /Invalid argument|No transaction to renew/

/**
 * Opens lmdb on a folder, which is made where it is missing.
 * @param mapBytes address space, not disk; lmdb takes more when the file becomes larger
 * @param guarded runs the opening proper
 * @throws ExpectedError where the folder can't be used, or holds something else
 */
export async function openLmdb(
  folder: string,
  mapBytes: number,
  guarded: (open: () => Lmdb) => Promise<Lmdb>,
): Promise<Lmdb> {
  const { openAsClass } = await import('lmdb')
  const options = { path: folder, mapSize: mapBytes, maxReaders: MAX_READERS, overlappingSync: false, noMetaSync: true }
  for (let attempt = 1; ; attempt++) {
    await prepare(folder)
    try {
      return await guarded(() => openTree(openAsClass(options) as unknown as LmdbClass))
    } catch (error) {
      const again = error instanceof Error && LOCK_GONE.test(error.message) && attempt < MAX_TRIES
      if (!again) throw explain(error, folder)
    }
    // of several processes that have to try again, one must be alone for a moment
    await sleep(1 + Math.random() * 10 * attempt)
  }
}

/** In two steps, so that the environment is closed again where its tree can't be opened. */
function openTree(Tree: LmdbClass): Lmdb {
  try {
    return new Tree(null, TREE_OPTIONS)
  } catch (error) {
    void Tree.prototype.close.call(Object.assign(Object.create(Tree.prototype), TREE_OPTIONS))
    throw error
  }
}

/** Sees to it that lmdb finds nothing that it can't cope with: it ends the process (SIGSEGV, SIGBUS) where others throw. */
async function prepare(folder: string): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    for (const file of ['data.mdb', 'lock.mdb']) {
      if (existsSync(join(folder, file))) accessSync(join(folder, file), constants.R_OK | constants.W_OK)
    }
    reserveLockFile(folder)
  } catch (error) {
    throw explain(error, folder)
  }
  await checkDataFile(folder)
  if (!existsSync(join(folder, 'data.mdb')) && freeBytes(folder) < MIN_FREE_BYTES) throw diskFull(folder)
}

/**
 * Makes the lock file with all its bytes really there: lmdb would make it with holes, and touching one on a full disk
 * ends the process. It appears at once and whole, and never replaces one that is in use.
 */
function reserveLockFile(folder: string): void {
  const path = join(folder, 'lock.mdb')
  if (existsSync(path) && statSync(path).size > 0) return
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    writeFileSync(draft, Buffer.alloc(LOCK_FILE_BYTES), { mode: 0o664 })
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'lmdb'
import { checkDataFile } from './data-file.js'
import { diskFull, explain, freeBytes, MIN_FREE_BYTES } from './failures.js'
import { appear, makeWhole } from './whole-file.js'

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

export interface LmdbPlace {
  /** is made where it is missing */
  folder: string
  /** what errors call it */
  shown: string
  /** address space, not disk; lmdb takes more when the file becomes larger */
  mapBytes: number
}

/**
 * Opens lmdb on a folder.
 * @param guarded runs the opening proper
 * @throws ExpectedError where the folder can't be used, or holds something else
 */
export async function openLmdb(place: LmdbPlace, guarded: (open: () => Lmdb) => Promise<Lmdb>): Promise<Lmdb> {
  const { openAsClass } = await import('lmdb')
  const { folder, shown, mapBytes: mapSize } = place
  const options = { mapSize, maxReaders: MAX_READERS, overlappingSync: false, noMetaSync: true }
  const open = (path: string) => openTree(openAsClass({ ...options, path }) as unknown as LmdbClass)
  for (let attempt = 1; ; attempt++) {
    try {
      prepare(place, open)
      return await guarded(() => open(folder))
    } catch (error) {
      const again = error instanceof Error && LOCK_GONE.test(error.message) && attempt < MAX_TRIES
      if (!again) throw explain(error, shown)
    }
    // of several processes that have to try again, one must be alone for a moment
    await sleep(1 + Math.random() * 10 * attempt)
  }
}

/**
 * Opens what another thread of this process has open, to read: no lock is taken, and the thread may be ended at any moment.
 * It holds on to the environment of the other thread, so that the folder need not be looked at.
 */
export async function openLmdbBeside(folder: string): Promise<Lmdb> {
  const { openAsClass } = await import('lmdb')
  const options = { path: folder, maxReaders: MAX_READERS, overlappingSync: false, readOnly: true }
  return openTree(openAsClass(options) as unknown as LmdbClass)
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
function prepare({ folder, shown }: LmdbPlace, open: (path: string) => Lmdb): void {
  makeUsable(folder, ['data.mdb', 'lock.mdb'])
  // with all its bytes really there: lmdb would make it with holes, and touching one on a full disk ends the process
  if (!existsSync(join(folder, 'lock.mdb'))) makeWhole(join(folder, 'lock.mdb'), Buffer.alloc(LOCK_FILE_BYTES))
  const data = join(folder, 'data.mdb')
  if (!existsSync(data)) {
    if (freeBytes(folder) < MIN_FREE_BYTES) throw diskFull(shown)
    makeDataFile(folder, open)
  }
  checkDataFile(data, shown)
}

/** Makes the data file elsewhere first: lmdb writes it in pieces, and a process may be killed between them. */
function makeDataFile(folder: string, open: (path: string) => Lmdb): void {
  const draft = mkdtempSync(join(folder, 'new-'))
  try {
    void open(draft).close()
    appear(join(draft, 'data.mdb'), join(folder, 'data.mdb'))
  } finally {
    rmSync(draft, { recursive: true })
  }
}

/** @throws where the folder can't be made, or it or one of the files can't be read and written */
export function makeUsable(folder: string, files: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  for (const file of files) {
    if (existsSync(join(folder, file))) accessSync(join(folder, file), constants.R_OK | constants.W_OK)
  }
}

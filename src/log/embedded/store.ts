import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { explain } from './failures.js'
import { checkFormat } from './format.js'
import { assertBegun, Gate } from './gate.js'
import { type Lmdb, makeUsable, openLmdb, openLmdbBeside } from './lmdb.js'
import { Watcher } from './watcher.js'
import { MARK_FILE } from './writer-mark.js'

/** After so much work in one go the event loop gets its turn: timers, signals, other streams. */
const TURN_MS = 10
const MAP_BYTES = 16 * 2 ** 30

/** The sorted keys and values, as seen within one transaction. */
export interface Tree {
  /** The value's bytes, which stay as they are only until the next call. */
  get(key: Uint8Array): Uint8Array | undefined
  put(key: Uint8Array, value: Uint8Array): void
  remove(key: Uint8Array): void
  /** Keys from `from` up to, but without, `to`. */
  keys(from: Uint8Array, to: Uint8Array, limit?: number): Uint8Array[]
  /** The last key up to and with `key`. */
  keyUpTo(key: Uint8Array): Uint8Array | undefined
}

/**
 * Transactions on the one tree, over all processes and threads that have the folder open.
 *
 * Durability: every commit writes its pages, waits for the disk, and only then makes itself the newest (lmdb's
 * `noMetaSync`: it does not wait a second time for that). What was acknowledged survives the end of any process, `kill -9`
 * included, since it is in the system's hands by then. A power cut or a crash of the system may take back the last commit,
 * but never more than moments, and never leaves half of one: a page is written over only when no commit that the disk
 * may have as its newest refers to it.
 */
export class Store {
  readonly folder: string
  readonly watcher: Watcher
  private readonly gate: Gate | undefined
  private readonly lmdb: Lmdb
  private readonly tree: Tree
  private writes: Promise<unknown> = Promise.resolve()
  private turnBegan = 0
  private closed = false

  /** @throws ExpectedError where the folder can't be used, or holds something else */
  static async open(folder: string): Promise<Store> {
    try {
      makeUsable(folder, ['format', 'writer'])
      checkFormat(folder)
    } catch (error) {
      throw explain(error, folder)
    }
    const gate = await Gate.open(folder)
    try {
      const lmdb = await openLmdb({ folder, shown: folder, mapBytes: MAP_BYTES }, (open) => gate.pass(open))
      return new Store(folder, gate, lmdb)
    } catch (error) {
      await gate.close()
      throw error
    }
  }

  /** For a thread that only reads, in a process whose main thread has the store open. */
  static async openBeside(folder: string): Promise<Store> {
    return new Store(folder, undefined, await openLmdbBeside(folder))
  }

  private constructor(folder: string, gate: Gate | undefined, lmdb: Lmdb) {
    this.folder = folder
    this.gate = gate
    this.lmdb = lmdb
    this.tree = treeOf(lmdb)
    this.watcher = new Watcher(join(folder, MARK_FILE), () => this.version())
  }

  /** Grows with every commit, of whichever process; one number in shared memory. */
  version(): number {
    return this.closed ? -1 : this.lmdb.env.info().lastTxnId
  }

  /** The newest state, in one view, which is gone when `work` returns: one kept open would keep pages from being used again. */
  read<T>(work: (tree: Tree) => T): T {
    this.assertOpen()
    try {
      return work(this.tree)
    } catch (error) {
      throw explain(error, this.folder)
    } finally {
      this.lmdb.resetReadTxn()
    }
  }

  /**
   * All of `work` is committed when this resolves, or none of it where `work` throws. Writes of one log happen in the
   * order they were asked for.
   */
  write<T>(work: (tree: Tree) => T): Promise<T> {
    const done = this.writes.then(async () => {
      await this.breathe()
      return this.transact(work)
    })
    this.writes = done.catch(() => undefined)
    return done
  }

  /** Lets the event loop have its turn when this log has kept it busy for long. */
  async breathe(): Promise<void> {
    if (performance.now() - this.turnBegan < TURN_MS) return
    await nextTurn()
    this.turnBegan = performance.now()
  }

  /** Frees the places of readers that were killed in the midst of reading. */
  dropDeadReaders(): void {
    this.lmdb.readerCheck()
  }

  get isClosed(): boolean {
    return this.closed
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.writes
    this.closed = true
    this.watcher.close()
    if (!this.gate) return this.lmdb.close()
    await this.gate.pass(() => void this.lmdb.close())
    await this.gate.close()
  }

  private async transact<T>(work: (tree: Tree) => T): Promise<T> {
    if (!this.gate) throw new Error('this thread does not write')
    try {
      return await this.gate.pass(() => {
        this.assertOpen()
        return this.lmdb.transactionSync(() => {
          assertBegun(this.lmdb)
          return work(this.tree)
        })
      })
    } catch (error) {
      throw explain(error, this.folder)
    } finally {
      this.watcher.wake()
    }
  }

  private assertOpen(): void {
    if (this.closed) throw new Error(`the log in ${this.folder} was closed`)
  }
}

function treeOf(lmdb: Lmdb): Tree {
  return {
    get(key) {
      const found = lmdb.getBinaryFast(key)
      // a buffer that lmdb uses for all values, with a length of its own making
      return found && new Uint8Array(found.buffer, found.byteOffset, found.length)
    },
    put(key, value) {
      lmdb.put(key, value as Buffer)
    },
    remove(key) {
      lmdb.remove(key)
    },
    keys(from, to, limit = Number.MAX_SAFE_INTEGER) {
      return [...lmdb.getKeys({ start: from, end: to, limit })]
    },
    keyUpTo(key) {
      return [...lmdb.getKeys({ start: key, reverse: true, limit: 1 })][0]
    },
  }
}

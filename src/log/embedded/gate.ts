import { join } from 'node:path'
import { explain } from './failures.js'
import { type Lmdb, openLmdb } from './lmdb.js'
import { WriterMark } from './writer-mark.js'

/** Nothing is ever stored in the gate. */
const MAP_BYTES = 1024 * 1024

/**
 * Lets one process, and one thread of it, pass at a time: whoever opens, writes to or closes the store.
 *
 * lmdb has a lock of its own for writers, but not for who opens: in the version used here (3.5.6), a process that opens a
 * store while another one commits may set the store back, and the commit is lost (LMDB's ITS#9496). The gate is the write
 * lock of a second, empty store, the only lock between processes that can be had without native code of our own. The
 * system frees it when a process ends, however it ends.
 */
export class Gate {
  private readonly lmdb: Lmdb
  private readonly mark: WriterMark

  /** @throws ExpectedError where the folder can't be used, or a process was stopped inside and does not go on */
  static async open(folder: string): Promise<Gate> {
    const mark = markIn(folder)
    const place = { folder: join(folder, 'gate'), shown: folder, mapBytes: MAP_BYTES }
    try {
      const lmdb = await openLmdb(place, async (open) => {
        // to open it takes the lock for a moment
        await mark.whileWriterIsStopped()
        return open()
      })
      return new Gate(lmdb, mark)
    } catch (error) {
      mark.close()
      throw error
    }
  }

  private constructor(lmdb: Lmdb, mark: WriterMark) {
    this.lmdb = lmdb
    this.mark = mark
  }

  /**
   * Runs `work` while nobody else is inside. It runs in one go: the gate is never held while the event loop turns.
   * @throws ExpectedError where a process was stopped inside and does not go on
   */
  async pass<T>(work: () => T): Promise<T> {
    await this.mark.whileWriterIsStopped()
    try {
      return this.lmdb.transactionSync(() => {
        assertBegun(this.lmdb)
        this.mark.set()
        return work()
      })
    } finally {
      this.mark.clear()
    }
  }

  async close(): Promise<void> {
    this.mark.close()
    await this.lmdb.close()
  }
}

function markIn(folder: string): WriterMark {
  try {
    return new WriterMark(folder)
  } catch (error) {
    throw explain(error, folder)
  }
}

/** lmdb passes over a lock that it could not get; whoever goes on then writes beside everybody else, or nowhere. */
export function assertBegun(lmdb: Lmdb): void {
  if (lmdb.getWriteTxnId() > 0) return
  throw Object.assign(new Error('the lock of the store could not be had'), { code: 'LOCK_LOST' })
}

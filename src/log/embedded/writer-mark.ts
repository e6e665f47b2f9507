import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { processState } from './process-identity.js'

const MARK_BYTES = 4

/**
 * Says in a small file which process is writing to the store at this moment.
 *
 * lmdb has one lock for all writers, and who waits for it waits in C, deaf to Ctrl-C. A process that is stopped (Ctrl-Z)
 * while it holds that lock would thus freeze all others. So a writer looks here first, and does not go for the lock
 * while a stopped process is marked. The mark is advice, not a lock: without it, or with a false one, nothing breaks.
 */
export class WriterMark {
  private readonly fd: number
  private readonly own = Buffer.alloc(MARK_BYTES)
  private readonly none = Buffer.alloc(MARK_BYTES)
  private readonly found = Buffer.alloc(MARK_BYTES)

  constructor(folder: string) {
    this.fd = openSync(join(folder, 'writer'), constants.O_RDWR | constants.O_CREAT, 0o664)
    this.own.writeInt32LE(process.pid)
    // so that the file needs no space later, when there may be none
    if (fstatSync(this.fd).size < MARK_BYTES) writeSync(this.fd, this.none, 0, MARK_BYTES, 0)
  }

  /** To be called with the store's lock held. */
  set(): void {
    writeSync(this.fd, this.own, 0, MARK_BYTES, 0)
  }

  /** To be called after the lock was let go: another process may have set its own mark by then. */
  clear(): void {
    if (this.pid() === process.pid) writeSync(this.fd, this.none, 0, MARK_BYTES, 0)
  }

  /** The process that was stopped in the midst of writing, if there is one. */
  stoppedWriter(): number | undefined {
    const pid = this.pid()
    if (pid === 0 || pid === process.pid) return undefined
    return processState(pid) === 'stopped' ? pid : undefined
  }

  close(): void {
    closeSync(this.fd)
  }

  private pid(): number {
    readSync(this.fd, this.found, 0, MARK_BYTES, 0)
    return this.found.readInt32LE()
  }
}

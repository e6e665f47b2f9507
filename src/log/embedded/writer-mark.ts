import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockedByStopped } from './failures.js'
import { isStopped, ownIdentity } from './process-identity.js'

export const MARK_FILE = 'writer'
/** Room for a pid and the time when that process was started. */
const MARK_BYTES = 40
const STOPPED_POLL_MS = 50
const STOPPED_LIMIT_MS = 10_000

/**
 * Says in a small file which process is writing to the store at this moment.
 *
 * lmdb has one lock for all writers, and who waits for it waits in C, deaf to Ctrl-C. A process that is stopped (Ctrl-Z)
 * while it holds that lock would thus freeze all others. So a writer looks here first, and does not go for the lock
 * while a stopped process is marked. The mark is advice, not a lock: without it, or with a false one, nothing breaks.
 * It is written to after every commit too, by the writer or by the next one, which is how waiting readers hear of it.
 */
export class WriterMark {
  private readonly folder: string
  private readonly fd: number
  private readonly own: Buffer
  private readonly none = Buffer.alloc(MARK_BYTES, ' ')
  private readonly found = Buffer.alloc(MARK_BYTES)

  constructor(folder: string) {
    this.folder = folder
    this.fd = openSync(join(folder, MARK_FILE), constants.O_RDWR | constants.O_CREAT, 0o664)
    const { pid, started } = ownIdentity()
    this.own = Buffer.from(`${pid} ${started}`.padEnd(MARK_BYTES))
    // so that the file needs no space later, when there may be none
    if (fstatSync(this.fd).size < MARK_BYTES) writeSync(this.fd, this.none, 0, MARK_BYTES, 0)
  }

  /** To be called with the store's lock held. */
  set(): void {
    writeSync(this.fd, this.own, 0, MARK_BYTES, 0)
  }

  /** To be called after the lock was let go: another process may have set its own mark by then. */
  clear(): void {
    if (this.read().equals(this.own)) writeSync(this.fd, this.none, 0, MARK_BYTES, 0)
  }

  /** @throws ExpectedError where a process was stopped in the midst of writing and does not go on within 10 s */
  async whileWriterIsStopped(): Promise<void> {
    const since = performance.now()
    for (;;) {
      const pid = this.stoppedWriter()
      if (pid === undefined) return
      if (performance.now() - since > STOPPED_LIMIT_MS) throw lockedByStopped(this.folder, pid)
      await sleep(STOPPED_POLL_MS)
    }
  }

  close(): void {
    closeSync(this.fd)
  }

  private stoppedWriter(): number | undefined {
    const mark = this.read()
    if (mark.equals(this.none) || mark.equals(this.own)) return undefined
    const [pid, started] = mark.toString('latin1').trim().split(' ')
    return isStopped(Number(pid), started) ? Number(pid) : undefined
  }

  private read(): Buffer {
    readSync(this.fd, this.found, 0, MARK_BYTES, 0)
    return this.found
  }
}

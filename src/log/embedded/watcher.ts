import { type FSWatcher, watch } from 'node:fs'

/** Where the file system does not tell, the store is looked at so often: the latency of news, at most. */
const POLL_MS = 20
/** Where it does, the store is still looked at so often, in case that it does not. */
const SURE_MS = 250
/** Commits come by the hundred a second at times; waiters are woken no more often than this. */
const MIN_MS_BETWEEN_WAKES = 5
/** A timer takes no more; whoever waits longer waits again. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Tells the readers and lanes of one log when something was committed, by whichever process. The file system tells when
 * the writers' mark was written, which is after every commit; one number in shared memory tells whether it was one. While
 * nobody waits, nothing runs.
 */
export class Watcher {
  private readonly version: () => number
  private readonly file: string
  private readonly waiters = new Set<() => void>()
  private readonly listeners = new Set<() => void>()
  private files: FSWatcher | undefined
  private trusted = true
  private timer: NodeJS.Timeout | undefined
  private soon: NodeJS.Timeout | undefined
  private seen = -1
  private wokenAtMs = 0
  private echo = false
  private unannounced = false
  private closed = false

  /**
   * @param file is written to after every commit
   * @param version grows with every commit
   */
  constructor(file: string, version: () => number) {
    this.file = file
    this.version = version
  }

  /** Resolves when something was committed after `version`, or after `ms`. Keeps the process alive meanwhile. */
  async after(version: number, ms: number): Promise<void> {
    if (ms <= 0) return
    this.start()
    if (this.version() !== version) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timeout)
        this.waiters.delete(done)
        resolve()
      }
      const timeout = setTimeout(done, Math.min(ms, LONGEST_MS))
      this.waiters.add(done)
    })
  }

  /** Calls `listener` after every commit, or several, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    this.start()
    return () => {
      this.listeners.delete(listener)
    }
  }

  /** Wakes everybody who waits. */
  wake(): void {
    this.wokenAtMs = performance.now()
    for (const waiter of [...this.waiters]) waiter()
    for (const listener of [...this.listeners]) listener()
  }

  /** Wakes everybody for good: nothing more will come. */
  close(): void {
    this.closed = true
    this.wake()
    this.stop()
  }

  private start(): void {
    if (this.timer || this.closed) return
    if (this.trusted) this.watchFile()
    this.seen = this.version()
    this.echo = true
    this.timer = setInterval(() => this.poll(), this.trusted ? SURE_MS : POLL_MS).unref()
  }

  private stop(): void {
    clearInterval(this.timer)
    clearTimeout(this.soon)
    this.files?.close()
    this.timer = this.soon = this.files = undefined
  }

  private watchFile(): void {
    try {
      this.files = watch(this.file, { persistent: false }, () => this.announced())
      this.files.on('error', () => this.distrust())
    } catch {
      // no more watches for this user, or a file system without any
      this.trusted = false
    }
  }

  private distrust(): void {
    this.trusted = false
    this.stop()
    this.start()
  }

  private announced(): void {
    this.unannounced = false
    if (this.soon) return
    const waitMs = this.wokenAtMs + MIN_MS_BETWEEN_WAKES - performance.now()
    if (waitMs <= 0) this.wakeIfChanged()
    else this.soon = setTimeout(() => this.wakeIfChanged(), waitMs).unref()
  }

  private wakeIfChanged(): void {
    this.soon = undefined
    if (this.changed()) this.wake()
  }

  private poll(): void {
    if (this.unannounced && this.trusted) {
      this.distrust()
      return
    }
    const changed = this.changed()
    // a writer counts up a moment before readers can see what it wrote: look again at the next poll
    const wake = changed || this.echo
    this.echo = this.unannounced = changed
    if (wake) this.wake()
    // whoever was woken mostly waits again at once
    else if (this.waiters.size + this.listeners.size === 0) this.stop()
  }

  private changed(): boolean {
    const version = this.version()
    const changed = version !== this.seen
    this.seen = version
    return changed
  }
}

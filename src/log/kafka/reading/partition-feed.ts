import type { MessageBatch, PartitionReader } from '../../log.js'

/** A reader waits for an answer that is under way so much longer than it was told to: brokers may be away. */
const LONGEST_OVERDUE_MS = 5000
/** Batches that lie ready; when they are fewer bytes than this, more is fetched. */
const READY_BYTES = 2 * 1024 * 1024

interface Waiting {
  resolve(batch: MessageBatch | undefined): void
  reject(error: unknown): void
  /** its time is over: it goes with the next answer, whatever that is */
  overdue: boolean
  timer: NodeJS.Timeout | undefined
}

/** One partition as it is read: what was fetched and lies ready, and who waits for more. */
export class PartitionFeed implements PartitionReader {
  /** next offset to be fetched */
  position: number
  private readonly ready: MessageBatch[] = []
  private readyBytes = 0
  private waiting: Waiting | undefined
  private failure: { error: unknown } | undefined
  /** as of the last answer, there is no more than was fetched */
  private isAtEnd: boolean | undefined
  isClosed = false

  /**
   * @param onHungry called when more should be fetched
   * @param onClose called once
   */
  constructor(
    readonly topic: string,
    readonly partition: number,
    from: number,
    private readonly onHungry: () => void,
    private readonly onClose: () => void,
  ) {
    this.position = from
  }

  /** More should be fetched: somebody waits for it, or it is known to be there. */
  get isHungry(): boolean {
    const hasRoom = !this.isClosed && !this.failure && this.readyBytes < READY_BYTES
    return hasRoom && (this.isAwaited || this.isAtEnd === false)
  }

  get isAwaited(): boolean {
    return this.waiting !== undefined
  }

  next(waitMs: number): Promise<MessageBatch | undefined> {
    const batch = this.takeReady()
    if (batch) return Promise.resolve(batch)
    if (this.failure) return Promise.reject(this.failure.error)
    if (this.isClosed || (waitMs <= 0 && this.isAtEnd)) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject, overdue: false, timer: undefined }
      this.setTimer(waitMs, () => this.timeIsOver())
      this.onHungry()
    })
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.onClose()
    this.answer((waiting) => waiting.resolve(undefined))
  }

  /** An answer came. `end`: where the partition ended then. */
  add(batches: readonly MessageBatch[], nextOffset: number, end: number): void {
    this.position = nextOffset
    this.isAtEnd = nextOffset >= end
    for (const batch of batches) {
      this.ready.push(batch)
      this.readyBytes += batch.bytes.length
    }
    const batch = this.waiting && this.takeReady()
    if (batch) this.answer((waiting) => waiting.resolve(batch))
    else if (this.waiting?.overdue) this.answer((waiting) => waiting.resolve(undefined))
  }

  fail(error: unknown): void {
    this.failure = { error }
    this.answer((waiting) => waiting.reject(error))
  }

  private takeReady(): MessageBatch | undefined {
    const batch = this.ready.shift()
    if (!batch) return undefined
    this.readyBytes -= batch.bytes.length
    if (this.isHungry) this.onHungry()
    return batch
  }

  private timeIsOver(): void {
    if (!this.waiting) return
    if (this.isAtEnd || this.waiting.overdue) this.answer((waiting) => waiting.resolve(undefined))
    else {
      this.waiting.overdue = true
      this.setTimer(LONGEST_OVERDUE_MS, () => this.timeIsOver())
    }
  }

  private setTimer(ms: number, then: () => void): void {
    if (this.waiting && Number.isFinite(ms)) this.waiting.timer = setTimeout(then, Math.max(0, ms))
  }

  private answer(how: (waiting: Waiting) => void): void {
    const { waiting } = this
    if (!waiting) return
    this.waiting = undefined
    clearTimeout(waiting.timer)
    how(waiting)
  }
}

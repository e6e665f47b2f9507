import type { Worker } from 'node:worker_threads'
import type { HeldLane } from '../log/log.js'
import type { LaneCounts } from './lane-counts.js'
import type { Delivered } from './lane-runner.js'
import { startThread } from './start-thread.js'
import type { ToWorker, WorkerStart } from './thread-messages.js'

/** A lane of this process, and the last result of it that went to the sinks. */
export interface SeatedLane {
  readonly lane: HeldLane
  last?: { delivered: Delivered; written: Promise<void> }
}

/** A thread that has not ended by then is ended from outside. */
const LONGEST_END_MS = 5000

/** One place in the pool, and the thread that has it. */
export class Seat {
  readonly worker: Worker
  /** as last told, by partition */
  readonly counts = new Map<number, LaneCounts>()
  isFinished = false
  private awaited: { type: string; resolve: () => void } | undefined
  private opening: Promise<unknown> = Promise.resolve()
  private readonly gone: Promise<unknown>

  constructor(
    readonly index: number,
    readonly lanes: Map<number, SeatedLane>,
    start: WorkerStart,
  ) {
    this.worker = startThread(start)
    // not `once`, which would fail with the thread
    this.gone = new Promise((resolve) => this.worker.once('exit', resolve))
    for (const held of lanes.values()) this.open(held)
  }

  /** Where a result of the lane is still being written, the thread has to wait: it goes on behind that one. */
  open({ lane, last }: SeatedLane): void {
    const tellOpen = () => this.tell({ type: 'open', lease: lane.lease, delivered: last?.delivered })
    // where it cannot be written the run ends
    this.opening = Promise.all([this.opening, last?.written]).then(tellOpen, () => undefined)
  }

  tell(message: ToWorker): void {
    this.worker.postMessage(message)
  }

  /** Resolves when the answer comes; never, where the thread dies before. */
  async ask(message: ToWorker, type: 'flushed' | 'finished'): Promise<void> {
    await this.opening
    await new Promise<void>((resolve) => {
      this.awaited = { type, resolve }
      this.tell(message)
    })
  }

  answer(type: string): void {
    if (type === 'finished') this.isFinished = true
    if (this.awaited?.type === type) this.awaited.resolve()
  }

  /**
   * Ends the thread as it is. It does so itself: ended from outside in the midst of a call into native code, as lmdb's, a
   * thread may take the whole process with it.
   */
  async end(): Promise<void> {
    this.tell({ type: 'end' })
    const timer = setTimeout(() => this.worker.terminate(), LONGEST_END_MS)
    await this.gone
    clearTimeout(timer)
  }
}

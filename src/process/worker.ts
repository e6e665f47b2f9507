import { setMaxListeners } from 'node:events'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { ExpectedError } from '../errors.js'
import { openEmbeddedLog } from '../log/embedded/index.js'
import { type LaneLease, LaneLostError, type Log } from '../log/log.js'
import { LaneRunner, type LaneSurroundings } from './lane-runner.js'
import type { FromWorker, ToWorker, WorkerStart } from './thread-messages.js'

/** Counts go to the main thread so often. */
const COUNTS_EVERY_MS = 250

/** A worker thread: it runs the lanes that the main thread gives it. */
class LaneWorker {
  private readonly stop = new AbortController()
  private readonly runners = new Map<number, LaneRunner>()
  private readonly running = new Set<Promise<void>>()
  private readonly dropped = new Map<number, AbortController>()
  private readonly deliveries = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  private nextDelivery = 0

  constructor(
    private readonly port: MessagePort,
    private readonly log: Log,
    private readonly start: WorkerStart,
  ) {
    setMaxListeners(0, this.stop.signal)
    port.on('message', (message: ToWorker) => this.receive(message))
    setInterval(() => this.tellCounts(), COUNTS_EVERY_MS).unref()
  }

  private receive(message: ToWorker): void {
    switch (message.type) {
      case 'open':
        this.open(message.lease)
        break
      case 'drop':
        this.dropped.get(message.partition)?.abort()
        break
      case 'delivered':
        this.settleDelivery(message.id, message.error)
        break
      case 'flush':
        void this.flush()
        break
      case 'finish':
        void this.finish()
    }
  }

  private open(lease: LaneLease): void {
    const drop = new AbortController()
    this.dropped.set(lease.partition, drop)
    const run = this.runLane(lease, drop.signal)
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.running.delete(run))
    this.running.add(run)
  }

  private async runLane(lease: LaneLease, dropped: AbortSignal): Promise<void> {
    const lane = await this.log.adoptLane(lease)
    const runner = new LaneRunner(lane, this.start.lane, this.surroundings())
    this.runners.set(lease.partition, runner)
    try {
      await runner.run(AbortSignal.any([this.stop.signal, dropped]))
    } catch (error) {
      if (!(error instanceof LaneLostError)) throw error
    }
    if (lane.lost.aborted || dropped.aborted) this.runners.delete(lease.partition)
  }

  /** An expected failure ends the run; with any other one this thread ends, and another takes its place. */
  private fail(error: unknown): void {
    if (!(error instanceof ExpectedError)) throw error
    this.tell({ type: 'refused', message: error.message, suggestions: error.suggestions })
  }

  private async flush(): Promise<void> {
    this.stop.abort()
    await Promise.all(this.running)
    this.tellCounts()
    this.tell({ type: 'flushed' })
  }

  private async finish(): Promise<void> {
    for (const runner of this.runners.values()) await runner.finish()
    await this.log.close()
    this.tell({ type: 'finished' })
    this.port.close()
  }

  private surroundings(): LaneSurroundings {
    return {
      wallNow: () => Date.now(),
      now: () => performance.now(),
      deliver: (result) => this.deliver({ type: 'result', id: this.nextDelivery++, result }),
      onMalformed: (samples) => this.tell({ type: 'malformed', samples }),
      onWarning: (text) => this.tell({ type: 'warning', text }),
    }
  }

  private deliver(message: Extract<FromWorker, { type: 'result' }>): Promise<void> {
    if (!this.start.delivers) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.deliveries.set(message.id, { resolve, reject })
      this.tell(message)
    })
  }

  private settleDelivery(id: number, error: string | undefined): void {
    const delivery = this.deliveries.get(id)
    this.deliveries.delete(id)
    if (error === undefined) delivery?.resolve()
    else delivery?.reject(new ExpectedError(error))
  }

  private tellCounts(): void {
    this.tell({ type: 'counts', lanes: [...this.runners.values()].map((runner) => runner.status) })
  }

  private tell(message: FromWorker): void {
    this.port.postMessage(message)
  }
}

if (parentPort) {
  const start = workerData as WorkerStart
  new LaneWorker(parentPort, await openEmbeddedLog(start.logFolder), start)
}

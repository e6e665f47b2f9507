import { setMaxListeners } from 'node:events'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { ExpectedError } from '../errors.js'
import { type LaneLease, LaneLostError, type Log } from '../log/log.js'
import { openLog } from '../log/open-log.js'
import type { HitsSink } from '../sinks/hits/hits-sink.js'
import { type Delivered, LaneRunner, type LaneSurroundings } from './lane-runner.js'
import type { FromWorker, ToWorker, WorkerStart } from './thread-messages.js'

/** Counts go to the main thread so often. */
const COUNTS_EVERY_MS = 250

/** A worker thread: it runs the lanes that the main thread gives it. */
class LaneWorker {
  private readonly stop = new AbortController()
  private readonly runners = new Map<number, LaneRunner>()
  private readonly running = new Set<Promise<void>>()
  private readonly dropped = new Map<number, AbortController>()
  /** deliveries that the main thread has not confirmed yet */
  private readonly unwritten = new Map<number, () => void>()
  private nextDelivery = 0

  constructor(
    private readonly port: MessagePort,
    private readonly log: Log,
    private readonly hits: HitsSink | undefined,
    private readonly start: WorkerStart,
  ) {
    setMaxListeners(0, this.stop.signal)
    port.on('message', (message: ToWorker) => this.receive(message))
    setInterval(() => this.tellCounts(), COUNTS_EVERY_MS).unref()
  }

  private receive(message: ToWorker): void {
    switch (message.type) {
      case 'open':
        this.open(message)
        break
      case 'drop':
        this.dropped.get(message.partition)?.abort()
        break
      case 'written':
        this.unwritten.get(message.id)?.()
        this.unwritten.delete(message.id)
        break
      case 'flush':
        this.flush().catch((error) => this.fail(error))
        break
      case 'finish':
        this.finish().catch((error) => this.fail(error))
        break
      case 'end':
        // of the thread, not of the process
        process.exit()
    }
  }

  private open(message: Extract<ToWorker, { type: 'open' }>): void {
    const drop = new AbortController()
    this.dropped.set(message.lease.partition, drop)
    const run = this.runLane(message, drop.signal)
      .catch((error) => this.fail(error))
      .finally(() => this.running.delete(run))
    this.running.add(run)
  }

  private async runLane(
    { lease, delivered }: Extract<ToWorker, { type: 'open' }>,
    dropped: AbortSignal,
  ): Promise<void> {
    let runner: LaneRunner | undefined
    try {
      const lane = await this.log.openLane(lease, this.start.lane.commitTo?.name)
      runner = new LaneRunner(lane, this.start.lane, this.surroundings(lease), delivered)
      this.runners.set(lease.partition, runner)
      await runner.run(AbortSignal.any([this.stop.signal, dropped]))
      if (!lane.lost.aborted && !dropped.aborted) return
    } catch (error) {
      if (!(error instanceof LaneLostError)) throw error
      if (!dropped.aborted) tell(this.port, { type: 'lost', lease, why: error.message })
    }
    // the same lane may have come back meanwhile, and have a runner of its own
    if (this.runners.get(lease.partition) === runner) this.runners.delete(lease.partition)
  }

  /** An expected failure ends the run; with any other one this thread ends, and another takes its place. */
  private fail(error: unknown): void {
    if (!(error instanceof ExpectedError)) throw error
    tell(this.port, refusal(error))
  }

  private async flush(): Promise<void> {
    this.stop.abort()
    await Promise.all(this.running)
    this.tellCounts()
    tell(this.port, { type: 'flushed' })
  }

  private async finish(): Promise<void> {
    for (const runner of this.runners.values()) {
      await runner.finish().catch((error) => {
        // main has said so
        if (!(error instanceof LaneLostError)) throw error
      })
    }
    await this.hits?.close()
    await this.log.close()
    tell(this.port, { type: 'finished' })
    this.port.close()
  }

  private surroundings(lease: LaneLease): LaneSurroundings {
    return {
      wallNow: () => Date.now(),
      now: () => performance.now(),
      deliver: (delivered) => this.deliver(lease, delivered),
      writeHits: async (result, hits) => this.hits?.write({ result, hits }),
      onCommitted: (times) => tell(this.port, { type: 'committed', times }),
      onMalformed: (samples) => tell(this.port, { type: 'malformed', samples }),
      onWarning: (text) => tell(this.port, { type: 'warning', text }),
    }
  }

  /** Resolves when all sinks have it. Where one of them fails the main thread ends the run, and this thread. */
  private deliver(lease: LaneLease, delivered: Delivered): Promise<void> {
    if (!this.start.delivers) return Promise.resolve()
    const id = this.nextDelivery++
    return new Promise((resolve) => {
      this.unwritten.set(id, resolve)
      tell(this.port, { type: 'result', id, lease, delivered })
    })
  }

  private tellCounts(): void {
    tell(this.port, { type: 'counts', lanes: [...this.runners.values()].map((runner) => runner.status) })
  }
}

function tell(port: MessagePort, message: FromWorker): void {
  port.postMessage(message)
}

function refusal({ message, suggestions }: ExpectedError): FromWorker {
  return { type: 'refused', message, suggestions }
}

async function openHits({ hitsTo, lane: { run } }: WorkerStart): Promise<HitsSink | undefined> {
  if (!hitsTo) return undefined
  const { openHitsSinks } = await import('../sinks/hits/several.js')
  return openHitsSinks(hitsTo.uris, { ...hitsTo, run })
}

async function startWorker(port: MessagePort, start: WorkerStart): Promise<void> {
  try {
    const log = await openLog(start.log, { onNotice: (text) => tell(port, { type: 'warning', text }) })
    new LaneWorker(port, log, await openHits(start), start)
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    tell(port, refusal(error))
  }
}

if (parentPort) await startWorker(parentPort, workerData as WorkerStart)

import { Worker } from 'node:worker_threads'
import type { Result } from '../core/results/result.js'
import { ExpectedError } from '../errors.js'
import type { Lane } from '../log/log.js'
import type { LaneCounts } from './lane-runner.js'
import type { MalformedSample } from './malformed-samples.js'
import type { FromWorker, ToWorker, WorkerStart } from './thread-messages.js'

export interface PoolEvents {
  /** a result for the sinks that are no topics; the lane goes on when it resolves */
  onResult(result: Result): Promise<void>
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
  /** the run cannot go on */
  onRefused(error: ExpectedError): void
}

/** A worker that dies so often within a minute is not replaced any more. */
const MOST_DEATHS_A_MINUTE = 5
const MINUTE_MS = 60_000

/** The thread's module: built, or from source where this one is. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** Worker threads that share the lanes of this process. One that dies is replaced, with its lanes. */
export class WorkerPool {
  private readonly seats: Seat[]
  private deaths: number[] = []
  private stopping = false

  /** @param startOf what worker `index` is started with */
  constructor(
    count: number,
    private readonly startOf: (index: number) => WorkerStart,
    private readonly events: PoolEvents,
  ) {
    this.seats = Array.from({ length: count }, (_, index) => this.seat(index, new Map()))
  }

  /** Gives a lane to the worker with the fewest. */
  assign(lane: Lane): void {
    const seat = this.seats.reduce((fewest, other) => (other.lanes.size < fewest.lanes.size ? other : fewest))
    seat.lanes.set(lane.partition, lane)
    seat.tell({ type: 'open', lease: lane.lease })
    lane.lost.addEventListener('abort', () => {
      if (seat.lanes.get(lane.partition) !== lane) return
      seat.lanes.delete(lane.partition)
      seat.counts.delete(lane.partition)
      this.seats[seat.index].tell({ type: 'drop', partition: lane.partition })
    })
  }

  /** Ids of the threads at work, for those who want to watch them. */
  get threads(): Worker[] {
    return this.seats.map((seat) => seat.worker)
  }

  get counts(): LaneCounts[] {
    return this.seats.flatMap((seat) => [...seat.counts.values()])
  }

  /** Every lane sends what it has. */
  async flush(): Promise<void> {
    this.stopping = true
    await Promise.all(this.seats.map((seat) => seat.ask({ type: 'flush' }, 'flushed')))
  }

  /** Commits what was held back, and ends the threads. */
  async finish(): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat.ask({ type: 'finish' }, 'finished')))
  }

  /** Ends the threads as they are. */
  async terminate(): Promise<void> {
    this.stopping = true
    await Promise.all(this.seats.map((seat) => seat.worker.terminate()))
  }

  private seat(index: number, lanes: Map<number, Lane>): Seat {
    const seat = new Seat(index, lanes, this.startOf(index))
    let reason = 'it ended by itself'
    seat.worker.on('message', (message: FromWorker) => this.receive(seat, message))
    seat.worker.on('error', (error) => {
      reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    })
    seat.worker.on('exit', () => {
      seat.gone()
      if (!seat.isFinished && !this.stopping) this.replace(seat, reason)
    })
    return seat
  }

  private replace(dead: Seat, reason: string): void {
    const now = performance.now()
    this.deaths = [...this.deaths.filter((at) => now - at < MINUTE_MS), now]
    if (this.deaths.length >= MOST_DEATHS_A_MINUTE) {
      this.events.onRefused(
        new ExpectedError(`workers keep dying, the last one of this: ${reason}`, [
          'nothing is lost: what was committed stays, and the next run goes on there',
        ]),
      )
      return
    }
    this.events.onWarning(`worker ${dead.index} died (${reason}) and is replaced`)
    const seat = this.seat(dead.index, dead.lanes)
    this.seats[dead.index] = seat
    for (const { lease } of seat.lanes.values()) seat.tell({ type: 'open', lease })
  }

  private receive(seat: Seat, message: FromWorker): void {
    switch (message.type) {
      case 'result':
        this.events.onResult(message.result).then(
          () => seat.tell({ type: 'delivered', id: message.id }),
          (error: Error) => seat.tell({ type: 'delivered', id: message.id, error: error.message }),
        )
        break
      case 'counts':
        seat.take(message.lanes)
        break
      case 'malformed':
        this.events.onMalformed(message.samples)
        break
      case 'warning':
        this.events.onWarning(message.text)
        break
      case 'refused':
        this.events.onRefused(new ExpectedError(message.message, message.suggestions))
        break
      default:
        seat.answer(message.type)
    }
  }
}

/** One place in the pool, and the thread that has it. */
class Seat {
  readonly worker: Worker
  readonly counts = new Map<number, LaneCounts>()
  isFinished = false
  private awaited: { type: string; resolve: () => void } | undefined
  private isGone = false

  constructor(
    readonly index: number,
    readonly lanes: Map<number, Lane>,
    start: WorkerStart,
  ) {
    this.worker = new Worker(WORKER, { workerData: start })
  }

  tell(message: ToWorker): void {
    this.worker.postMessage(message)
  }

  /** Resolves when the answer comes, or the thread has gone. */
  ask(message: ToWorker, type: 'flushed' | 'finished'): Promise<void> {
    if (this.isGone) return Promise.resolve()
    return new Promise((resolve) => {
      this.awaited = { type, resolve }
      this.tell(message)
    })
  }

  answer(type: string): void {
    if (type === 'finished') this.isFinished = true
    if (this.awaited?.type === type) this.awaited.resolve()
  }

  gone(): void {
    this.isGone = true
    this.awaited?.resolve()
  }

  /** Counts begin anew with each thread; what the dead ones counted stays in what is shown. */
  take(lanes: LaneCounts[]): void {
    for (const lane of lanes) this.counts.set(lane.partition, lane)
  }
}

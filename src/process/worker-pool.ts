import type { Worker } from 'node:worker_threads'
import type { Result } from '../core/results/result.js'
import { ExpectedError } from '../errors.js'
import type { HeldLane } from '../log/log.js'
import { addCounted, type Counted, type LaneCounts, NOTHING_COUNTED } from './lane-counts.js'
import type { CommitTimes } from './lane-runner.js'
import type { MalformedSample } from './malformed-samples.js'
import { Seat } from './seat.js'
import type { FromWorker, WorkerStart } from './thread-messages.js'

export interface PoolEvents {
  /** a result for the sinks that are no topics; the lane goes on when it resolves */
  onResult(result: Result): Promise<void>
  /** a worker could not commit to the lane */
  onLost(lane: HeldLane, why: string): void
  onCommitted(times: CommitTimes): void
  onMalformed(samples: MalformedSample[]): void
  onWarning(text: string): void
}

/** Workers that die so often within a minute are not replaced any more. */
const MOST_DEATHS_A_MINUTE = 5
const MINUTE_MS = 60_000
const NOTHING_LOST = 'nothing is lost: what was committed stays, and the next run goes on there'

/** Worker threads that share the lanes of this process. One that dies is replaced, with its lanes. */
export class WorkerPool {
  /** rejects, with what a user should know, when the run cannot go on */
  readonly failed: Promise<never>
  /** threads that died and were replaced */
  restarts = 0
  private fail: (error: unknown) => void = () => {}
  private readonly seats: Seat[]
  private state: 'working' | 'stopping' | 'ended' = 'working'
  private deaths: number[] = []
  /** of threads and lanes that are gone */
  private before = NOTHING_COUNTED

  /** @param startOf what worker `index` is started with */
  constructor(
    count: number,
    private readonly startOf: (index: number) => WorkerStart,
    private readonly events: PoolEvents,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = (error) => {
        this.state = 'ended'
        reject(error)
      }
    })
    // whoever waits for it is told; until somebody does, it shall not end the process
    this.failed.catch(() => undefined)
    this.seats = Array.from({ length: count }, (_, index) => this.occupied(new Seat(index, new Map(), startOf(index))))
  }

  /** Gives a lane to the worker with the fewest. */
  assign(lane: HeldLane): void {
    const { index } = this.seats.reduce((fewest, other) => (other.lanes.size < fewest.lanes.size ? other : fewest))
    const held = { lane }
    this.seats[index].lanes.set(lane.partition, held)
    this.seats[index].open(held)
    lane.lost.addEventListener('abort', () => this.drop(this.seats[index], lane))
  }

  /** The threads at work, by index. */
  get threads(): Worker[] {
    return this.seats.map((seat) => seat.worker)
  }

  /** Of the lanes that are held. */
  get lanes(): LaneCounts[] {
    return this.seats.flatMap((seat) => [...seat.counts.values()])
  }

  /** All that was counted here. What a worker had not committed when it died is counted twice. */
  get counted(): Counted {
    return this.lanes.reduce<Counted>(addCounted, this.before)
  }

  /** Every lane sends what it has. */
  async flush(): Promise<void> {
    this.state = 'stopping'
    await Promise.all(this.seats.map((seat) => seat.ask({ type: 'flush' }, 'flushed')))
  }

  /** Commits what was held back, and ends the threads. */
  async finish(): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat.ask({ type: 'finish' }, 'finished')))
  }

  /** Ends the threads as they are. */
  async end(): Promise<void> {
    this.state = 'ended'
    await Promise.all(this.seats.map((seat) => seat.end()))
  }

  private occupied(seat: Seat): Seat {
    let reason = 'it ended by itself'
    seat.worker.on('message', (message: FromWorker) => this.receive(seat, message))
    seat.worker.on('error', (error) => {
      reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    })
    seat.worker.on('exit', () => {
      if (!seat.isFinished && this.state !== 'ended') this.bury(seat, reason)
    })
    return seat
  }

  /** A thread has died: another takes its seat, unless it is too late for that. */
  private bury(dead: Seat, reason: string): void {
    const now = performance.now()
    this.deaths = [...this.deaths.filter((at) => now - at < MINUTE_MS), now]
    if (this.state === 'stopping')
      this.fail(
        new ExpectedError(`worker ${dead.index} died (${reason}) before it had sent its last results`, [NOTHING_LOST]),
      )
    else if (this.deaths.length >= MOST_DEATHS_A_MINUTE)
      this.fail(new ExpectedError(`workers keep dying, the last one of this: ${reason}`, [NOTHING_LOST]))
    else {
      this.restarts++
      this.events.onWarning(`worker ${dead.index} died (${reason}) and is replaced`)
      for (const counts of dead.counts.values()) this.before = addCounted(this.before, counts)
      this.seats[dead.index] = this.occupied(new Seat(dead.index, dead.lanes, this.startOf(dead.index)))
    }
  }

  private drop(seat: Seat, lane: HeldLane): void {
    const { partition, lost } = lane
    if (seat.lanes.get(partition)?.lane !== lane) return
    this.before = addCounted(this.before, seat.counts.get(partition) ?? NOTHING_COUNTED)
    seat.lanes.delete(partition)
    seat.counts.delete(partition)
    if (this.state === 'ended') return
    seat.tell({ type: 'drop', partition })
    this.events.onWarning(lost.reason.message)
  }

  private receive(seat: Seat, message: FromWorker): void {
    switch (message.type) {
      case 'result':
        this.write(seat, message)
        break
      case 'counts':
        for (const lane of message.lanes) if (seat.lanes.has(lane.partition)) seat.counts.set(lane.partition, lane)
        break
      case 'committed':
        this.events.onCommitted(message.times)
        break
      case 'malformed':
        this.events.onMalformed(message.samples)
        break
      case 'lost':
        this.giveBack(seat, message)
        break
      case 'warning':
        this.events.onWarning(message.text)
        break
      case 'refused':
        this.fail(new ExpectedError(message.message, message.suggestions))
        break
      default:
        seat.answer(message.type)
    }
  }

  private giveBack(seat: Seat, { lease, why }: Extract<FromWorker, { type: 'lost' }>): void {
    const lane = seat.lanes.get(lease.partition)?.lane
    if (lane?.lease.epoch === lease.epoch) this.events.onLost(lane, why)
  }

  private write(seat: Seat, { id, lease, delivered }: Extract<FromWorker, { type: 'result' }>): void {
    const written = this.events.onResult(delivered.result)
    const held = seat.lanes.get(lease.partition)
    if (held?.lane.lease.epoch === lease.epoch) held.last = { delivered, written }
    written.then(() => seat.tell({ type: 'written', id }), this.fail)
  }
}

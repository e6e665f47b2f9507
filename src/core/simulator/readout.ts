import type { Columns } from '../rows/row-buffer.js'
import { Fifo } from './fifo.js'
import type { Random } from './random.js'

/** Words that the readout takes from a queue before it turns to the next. */
const BLOCK = 4
/** A hit waits at most so many orbits for its block to fill up. This bounds how far rows can be out of order. */
export const PATIENCE_ORBITS = 384
/** An FPGA lags behind by fewer than so many orbits; by how many changes every LAG_CHANGES_ORBITS. */
const MAX_LAG_ORBITS = 128
const LAG_CHANGES_ORBITS = 512
/** Words of the run before that a queue still holds when the orbit counter has started again: no block of their own. */
const LEFT_OVER = BLOCK - 1

/** The queues of one FPGA and how far it lags behind. */
export interface FpgaQueues {
  readonly fpga: number
  readonly hits: Fifo
  readonly ancillary: Fifo
  lagOrbits: number
}

/**
 * The readout goes round the queues, hits of each FPGA and then ancillary words of each, and takes blocks of four: what
 * the rows of the real detector show. Within a queue words keep their order, so rows are out of order between queues only.
 */
export class Readout {
  readonly queues: readonly FpgaQueues[]
  private readonly round: readonly { fifo: Fifo; patience: number; of: FpgaQueues }[]
  private turn = 0
  private lagChangesAt = 0
  private taking: Fifo
  private left = 0

  constructor(
    fpgas: readonly number[],
    private readonly random: Random,
  ) {
    this.queues = fpgas.map((fpga) => ({ fpga, hits: new Fifo(fpga), ancillary: new Fifo(fpga), lagOrbits: 0 }))
    this.round = [
      ...this.queues.map((of) => ({ fifo: of.hits, patience: PATIENCE_ORBITS, of })),
      ...this.queues.map((of) => ({ fifo: of.ancillary, patience: Number.POSITIVE_INFINITY, of })),
    ]
    this.taking = this.round[0].fifo
  }

  /** Words of the block in hand that were not taken yet. */
  get blockLeft(): number {
    return this.left
  }

  /** Turns to the next queue with a block to take, of at most `most` words; false when all must wait beyond `now`. */
  nextBlock(now: number, most: number): boolean {
    if (now >= this.lagChangesAt) this.changeLags(now)
    for (let step = 0; step < this.round.length; step++) {
      const { fifo, patience, of } = this.round[this.turn]
      this.turn = this.turn + 1 < this.round.length ? this.turn + 1 : 0
      const ready = wordsReady(fifo, patience, of.lagOrbits, now)
      if (ready === 0) continue
      this.taking = fifo
      this.left = Math.min(ready, most)
      return true
    }
    return false
  }

  /** Takes up to `room` words of the block in hand into `out` from `at` on, and returns how many. */
  take(out: Columns, at: number, room: number): number {
    const count = Math.min(this.left, room)
    this.taking.shiftInto(out, at, count)
    this.left -= count
    return count
  }

  /** A new run: of the old words a few are left in each queue, and mix with the new ones; the others are lost. */
  restart(now: number): void {
    for (const queues of this.queues) {
      queues.hits.keepOldest(LEFT_OVER, now)
      queues.ancillary.keepOldest(LEFT_OVER, now)
      queues.lagOrbits = 0
    }
    this.lagChangesAt = now + LAG_CHANGES_ORBITS
  }

  private changeLags(now: number): void {
    for (const queues of this.queues) queues.lagOrbits = this.random.below(MAX_LAG_ORBITS)
    this.lagChangesAt = now + LAG_CHANGES_ORBITS
  }
}

function wordsReady(fifo: Fifo, patience: number, lag: number, now: number): number {
  const { length } = fifo
  if (length === 0) return 0
  if (length >= BLOCK && fifo.timeAt(BLOCK - 1) + lag <= now) return BLOCK
  let ready = 0
  while (ready < BLOCK && ready < length && fifo.timeAt(ready) + patience <= now) ready++
  return ready
}

import type { ClockState } from './clock-state.js'

/** A place to read again from: the offset of a batch, and the lane's time as it stood before it. */
export interface Checkpoint {
  mark: number
  offset: number
  clock: ClockState
}

/** Rows between two checkpoints at least: a topic of one-row batches must not fill the memory with them. */
const ROWS_APART = 64
const MOST_CHECKPOINTS = 1024

/**
 * The checkpoints that open orbits may still need, oldest first. An orbit bears the mark of the checkpoint before its
 * first row, so reading again from the last one up to the lowest mark in use sees every row of every open orbit.
 */
export class Checkpoints {
  private list: Checkpoint[] = []
  private rows = Number.POSITIVE_INFINITY
  mark = 0

  get count(): number {
    return this.list.length
  }

  /** Says that `rows` rows were folded since the last call. */
  passed(rows: number): void {
    this.rows += rows
  }

  /** Whether a batch that begins now wants a checkpoint of its own. */
  get isDue(): boolean {
    return this.rows >= ROWS_APART
  }

  /** A batch begins at `offset`, and the lane's time is `clock`. */
  add(offset: number, clock: ClockState, lowestMark: number | undefined): void {
    this.prune(lowestMark)
    // an orbit that stays open for long keeps the first; of those after it every other one does
    if (this.list.length >= MOST_CHECKPOINTS) this.list = this.list.filter((_, i) => i % 2 === 0)
    this.rows = 0
    this.list.push({ mark: ++this.mark, offset, clock })
  }

  /** What was not in the rows has changed the lane's time: no checkpoint so far leads to where it is now. */
  forget(): void {
    this.list = []
    this.rows = Number.POSITIVE_INFINITY
  }

  /** The checkpoint to read again from, given the lowest mark of an open orbit; undefined where none is open. */
  resume(lowestMark: number | undefined): Checkpoint | undefined {
    this.prune(lowestMark)
    if (lowestMark === undefined) return undefined
    if (this.list.length === 0) throw new RangeError('an orbit is open, and no batch had begun')
    return this.list[0]
  }

  /** The last one always stays: the batch that it begins may go on. */
  private prune(lowestMark: number = Number.POSITIVE_INFINITY): void {
    const first = this.list.findLastIndex(({ mark }) => mark <= lowestMark)
    if (first > 0) this.list.splice(0, first)
  }
}

import type { Result } from '../core/results/result.js'
import type { AlarmBook } from './alarm-book.js'

/** A check of what results say. */
export interface Check {
  /** Counts a result in, whose interval ended at `endMs`. Results may come in any order, of any number of lanes. */
  add(result: Result, endMs: number): void
  /** Tests what has been counted, raises and clears. */
  evaluate(book: AlarmBook, atMs: number): void
}

/**
 * How improbable the counts must be for the limit not to be crossed any more. Less is asked for than for raising: a fault
 * that is gone shall be seen soon, and a mistake here only lasts until the fault is found again.
 */
export const CLEAR_PROBABILITY = 1e-3

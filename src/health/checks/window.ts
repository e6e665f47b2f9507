import { CLEAR_PROBABILITY } from '../check.js'
import { poissonAtLeast, poissonAtMost } from '../statistics/tails.js'

/** A window is over when the limit would allow so many counts, whatever time that takes: 25 suffice for 6 sigma, if none came. */
const FULL = 50

/** What a test of a window says: the limit is crossed, it is not, or there is too little to tell. */
export type Verdict = 'crossed' | 'kept' | 'open'

/** Counts of a window beside the number that a limit allows: a Poisson test, which works at any rate. */
export class LimitWindow {
  count = 0
  /** the mean of `count` where the limit is just kept */
  allowed = 0

  /**
   * @param side `least` for a limit from below, `most` for one from above
   * @param probability of a verdict `crossed` where the limit is just kept
   */
  constructor(
    private readonly side: 'least' | 'most',
    private readonly probability: number,
  ) {}

  add(count: number, allowed: number): void {
    this.count += count
    this.allowed += allowed
  }

  verdict(): Verdict {
    const { count, allowed, side } = this
    const below = poissonAtMost(count, allowed)
    const above = poissonAtLeast(count, allowed)
    const [crossed, kept] = side === 'least' ? [below, above] : [above, below]
    if (crossed < this.probability) return 'crossed'
    return kept < CLEAR_PROBABILITY ? 'kept' : 'open'
  }

  get isFull(): boolean {
    return this.allowed >= FULL
  }

  restart(): void {
    this.count = this.allowed = 0
  }
}

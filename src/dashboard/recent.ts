import type { Result } from '../core/results/result.js'
import { SecondRing } from '../core/results/second-ring.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { Counts } from './counts.js'
import { LONGEST_WINDOW_S } from './view.js'

/** The results of the last seconds, second by second. */
export class RecentResults {
  private readonly ring: SecondRing<Counts>

  constructor(private readonly run: RunFile) {
    this.ring = new SecondRing(
      LONGEST_WINDOW_S,
      () => new Counts(run),
      (counts) => counts.clear(),
    )
  }

  /** All of a result's counts go to the second of its end; one that is older than the longest window is passed over. */
  add(result: Result, endMs: number, nowMs: number): void {
    this.ring.advance(Math.floor(nowMs / 1000))
    this.ring.at(Math.floor(endMs / 1000))?.addResult(result)
  }

  /** The sum of the results whose interval ended within the last so many seconds. */
  counts(nowMs: number, seconds: number): Counts {
    const now = Math.floor(nowMs / 1000)
    this.ring.advance(now)
    const sum = new Counts(this.run)
    for (let second = now - seconds + 1; second <= now; second++) {
      const counts = this.ring.filled(second)
      if (counts !== undefined && counts.results > 0) sum.add(counts)
    }
    return sum
  }

  clear(): void {
    this.ring.clear()
  }
}

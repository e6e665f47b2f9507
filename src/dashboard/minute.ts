import type { Result } from '../core/results/result.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { Counts } from './counts.js'
import { SecondRing } from './second-ring.js'

const SECONDS = 60

/** The sum of the results whose interval ended within the last minute, kept by adding and taking away. */
export class MinuteSum {
  private readonly total: Counts
  private readonly ring: SecondRing<Counts>

  constructor(run: RunFile) {
    this.total = new Counts(run)
    this.ring = new SecondRing(
      SECONDS,
      () => new Counts(run),
      (counts) => {
        if (counts.results === 0) return
        this.total.subtract(counts)
        counts.clear()
      },
    )
  }

  /** All of a result's counts go to the second of its end; one that is older than a minute is passed over. */
  add(result: Result, endMs: number, nowMs: number): void {
    this.ring.advance(Math.floor(nowMs / 1000))
    const slot = this.ring.at(Math.floor(endMs / 1000))
    if (!slot) return
    slot.addResult(result)
    this.total.addResult(result)
  }

  counts(nowMs: number): Counts {
    this.ring.advance(Math.floor(nowMs / 1000))
    return this.total
  }

  clear(): void {
    this.ring.clear()
  }
}

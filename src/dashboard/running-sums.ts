import type { RunFile } from '../core/run-file/run-file.js'
import { Counts } from './counts.js'

/** Every so many slots the sum up to there is kept, so that no sum takes more additions than this. */
const STRIDE = 64

/** Sums of the counts of consecutive slots. */
export class RunningSums {
  /** entry k: of the first (k + 1) * STRIDE slots */
  private kept: Counts[] = []

  /** @param filled the counts of a slot, where it has any */
  constructor(
    private readonly run: RunFile,
    private readonly filled: (slot: number) => Counts | undefined,
  ) {}

  /** Of the slots from one to another, both included. */
  between(from: number, to: number): Counts {
    const sum = new Counts(this.run)
    for (let slot = from; slot <= to; slot++) {
      const counts = this.filled(slot)
      if (counts) sum.add(counts)
    }
    return sum
  }

  /** Of the slots from the first of all, which is always the same, to another. */
  upTo(first: number, to: number): Counts {
    const strides = Math.floor((to - first + 1) / STRIDE)
    while (this.kept.length < strides) this.keepNext(first)
    const sum = this.between(first + strides * STRIDE, to)
    if (strides > 0) sum.add(this.kept[strides - 1])
    return sum
  }

  /** Forgets what was kept: slots have changed. */
  clear(): void {
    this.kept = []
  }

  private keepNext(first: number): void {
    const from = first + this.kept.length * STRIDE
    const sum = this.between(from, from + STRIDE - 1)
    const before = this.kept.at(-1)
    if (before) sum.add(before)
    this.kept.push(sum)
  }
}

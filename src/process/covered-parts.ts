import type { FileRange } from '../core/results/result.js'

/** Which bytes or rows of a source's parts were read since the last time that this was asked. */
export class CoveredParts {
  private ranges: FileRange[] = []
  /** how far the last part was covered by then */
  private last: FileRange

  /** @param first id of the first part */
  constructor(first: string) {
    this.last = { name: first, from: 0, to: 0, watermark: null }
  }

  /** A part has been read up to `to`. */
  add(id: string, to: number): void {
    const range = this.ranges.at(-1)
    const from = this.last.name === id ? this.last.to : 0
    if (range?.name === id) range.to = to
    else if (to > from) this.ranges.push({ name: id, from, to, watermark: null })
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0
  }

  /** What was added, with the watermark as of now; where that is nothing, still where the reading stands. */
  take(watermark: number | null): FileRange[] {
    const taken = this.isEmpty ? [{ ...this.last, from: this.last.to }] : this.ranges
    for (const range of taken) range.watermark = watermark
    this.last = taken[taken.length - 1]
    this.ranges = []
    return taken
  }
}

/** A row that was sent, and one that says that it is counted once it lies before `to` and its orbit is closed. */
interface SentRow {
  offset: number
  orbit: number
  /** ms since 1970 */
  sentAt: number
}

interface SeenResult {
  to: number
  watermark: number
  /** ms since 1970 */
  seenAt: number
}

interface LaneRows {
  waiting: SentRow[]
  seen: SeenResult[]
}

/** Results of a lane that are remembered for rows which are looked at later than the result that counts them. */
const REMEMBERED = 1000
const LONGEST_MS = 120_000

/** How long rows take from being sent to the result that counts them: a row of a lane is counted when its orbit is closed. */
export class RowLatency {
  private readonly lanes = new Map<number, LaneRows>()
  /** how many rows took so many ms; what takes longer is in the last */
  private readonly counts = new Uint32Array(LONGEST_MS + 1)

  addRow(lane: number, row: SentRow): void {
    this.lane(lane).waiting.push(row)
  }

  addResult(lane: number, result: SeenResult): void {
    const { seen } = this.lane(lane)
    seen.push(result)
    if (seen.length > REMEMBERED) seen.shift()
  }

  /** Finds what counts the rows so far. */
  settle(): void {
    for (const lane of this.lanes.values()) {
      lane.waiting = lane.waiting.filter((row) => {
        const counting = lane.seen.find(({ to, watermark }) => row.offset < to && row.orbit <= watermark)
        if (counting) this.counts[Math.max(0, Math.min(LONGEST_MS, Math.round(counting.seenAt - row.sentAt)))]++
        return !counting
      })
    }
  }

  /** Rows that no result has counted yet. */
  get waiting(): number {
    return [...this.lanes.values()].reduce((sum, { waiting }) => sum + waiting.length, 0)
  }

  get settled(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }

  /** Ms within which this part of the rows was counted. @param part 0.5 for the median */
  quantileMs(part: number): number {
    let left = Math.max(1, Math.ceil(this.settled * part))
    return this.counts.findIndex((count) => {
      left -= count
      return left <= 0
    })
  }

  private lane(number: number): LaneRows {
    const lane = this.lanes.get(number) ?? { waiting: [], seen: [] }
    this.lanes.set(number, lane)
    return lane
  }
}

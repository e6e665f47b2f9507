import type { Result } from '../../../src/core/results/result.js'

/** What is wrong with the results that a reader has seen; the first two in messages of data_raw. */
export interface ChainCounts {
  lost: number
  doubled: number
  /** results whose number does not follow the one before, or that came at a lower offset */
  outOfOrder: number
}

/** Checks results in the order in which a reader sees them: each begins where the lane's last one ended. */
export class LaneChains {
  readonly counts: ChainCounts = { lost: 0, doubled: 0, outOfOrder: 0 }
  /** one sentence for each thing that is wrong */
  readonly wrong: string[] = []
  private readonly lanes = new Map<number, { to: number; number: number }>()
  private lastOffset = -1

  /** @param first where a lane of this partition begins */
  constructor(private readonly first: (partition: number) => number = () => 0) {}

  add(offset: number, { source, msg_ID }: Pick<Result, 'source' | 'msg_ID'>): void {
    const [range] = source
    if (!range || !('partition' in range)) throw new Error('a result of a lane names its partition')
    const { partition, from, to } = range
    const last = this.lanes.get(partition) ?? { to: this.first(partition), number: -1 }
    if (from > last.to) this.note('lost', from - last.to, `${partition}: nothing covers [${last.to}, ${from})`)
    if (from < last.to)
      this.note('doubled', Math.min(to, last.to) - from, `${partition}: [${from}, ${to}) came after ${last.to}`)
    if (msg_ID !== last.number + 1) this.note('outOfOrder', 1, `${partition}: ${msg_ID} came after ${last.number}`)
    if (offset <= this.lastOffset) this.note('outOfOrder', 1, `offset ${offset} came after ${this.lastOffset}`)
    this.lastOffset = Math.max(this.lastOffset, offset)
    this.lanes.set(partition, { to: Math.max(to, last.to), number: msg_ID })
  }

  /** Up to where a lane's rows are covered. */
  coveredTo(partition: number): number {
    return this.lanes.get(partition)?.to ?? this.first(partition)
  }

  private note(what: keyof ChainCounts, count: number, sentence: string): void {
    this.counts[what] += count
    this.wrong.push(`${what}: lane ${sentence}`)
  }
}

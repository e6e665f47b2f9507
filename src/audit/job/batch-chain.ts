import type { Result, RowCounts } from '../../core/results/result.js'
import { addRowCounts, emptyRowCounts } from '../../core/results/row-counts.js'
import { compareIn, inOrder, type JobAudit } from './job-audit.js'

export interface BatchChainOptions {
  partition: number
  /** results of the partition's rows, in any order */
  sent: readonly Result[]
  /** first offset that the topic keeps */
  start: number
  /** a result of no rows and no hits */
  empty: Result
}

/** The results of a partition's rows, one for each micro-batch, beside the messages that it really has. */
export class BatchChain {
  private readonly results: readonly Result[]
  private index = 0
  private rows = emptyRowCounts()
  private hole: { from: number; to: number } | undefined

  constructor(
    private readonly audit: JobAudit,
    private readonly options: BatchChainOptions,
  ) {
    this.results = inOrder(audit, options.sent)
  }

  /** Where the first result begins. */
  get from(): number | undefined {
    return this.results[0]?.source[0].from
  }

  /** Where the last result ends. */
  get to(): number {
    return this.results.at(-1)?.source[0].to ?? 0
  }

  /** Takes a message that has records; those without, and offsets without a message, need no result. */
  take(offset: number, rows: RowCounts): void {
    while (this.current && offset >= this.current.source[0].to) this.close(this.current)
    if (!this.current) this.audit.pending++
    else if (offset >= this.current.source[0].from) this.rows = addRowCounts(this.rows, rows)
    else if (this.index > 0 || !this.audit.trimmed) this.hole = { from: this.hole?.from ?? offset, to: offset + 1 }
  }

  /** All messages were taken. */
  end(): void {
    while (this.current) this.close(this.current)
  }

  private get current(): Result | undefined {
    return this.results[this.index]
  }

  private close(found: Result): void {
    const { partition, start, empty } = this.options
    if (this.hole) this.audit.breaks.push({ kind: 'gap', partition, ...this.hole })
    if (found.source[0].from < start) this.audit.unchecked++
    else {
      compareIn(this.audit, { ...empty, rows: this.rows }, found)
      this.audit.rows += this.rows.read
    }
    this.hole = undefined
    this.rows = emptyRowCounts()
    this.index++
  }
}

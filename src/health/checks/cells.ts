import { formatCount, plural } from '../../cli/numbers.js'
import type { Result } from '../../core/results/result.js'
import { cellsAround } from '../../core/run-file/cells.js'
import { CELLS, type RunFile } from '../../core/run-file/run-file.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import { type CellCounts, CellWindow, isFull } from '../cell-window.js'
import type { Check } from '../check.js'

/** What is asked about one cell; the checks of dead and of hot cells differ in nothing else. */
export interface CellQuestion {
  readonly kind: 'dead-cell' | 'hot-cell'
  /** whether its limit is crossed */
  isCrossed(counts: CellCounts): boolean
  /** whether it is kept again, by a margin */
  isKept(counts: CellCounts): boolean
  /** the hits at its limit */
  limit(counts: CellCounts): number
  /** what its cells are called */
  readonly word: string
}

/** Asks about each cell of each chamber, but those to be ignored. */
export class CellCheck implements Check {
  private readonly windows: readonly CellWindow[]
  private readonly ignored: ReadonlySet<number>

  constructor(
    run: RunFile,
    private readonly question: CellQuestion,
  ) {
    const around = cellsAround(run.layers)
    this.windows = run.chambers.map(({ first_channel }) => new CellWindow(first_channel, around))
    this.ignored = new Set(run.health.ignore_cells.map(({ chamber, cell }) => chamber * CELLS + cell))
  }

  add({ tdc_counts_chamber }: Result): void {
    for (const [chamber, window] of this.windows.entries()) window.add(tdc_counts_chamber[chamber])
  }

  evaluate(book: AlarmBook, atMs: number): void {
    for (const [chamber, window] of this.windows.entries()) {
      const counts = window.counts()
      for (const [cell, of] of counts.entries())
        if (!this.ignored.has(chamber * CELLS + cell)) this.ask(chamber, cell, of, book, atMs)
      if (isFull(counts)) window.restart()
    }
  }

  private ask(chamber: number, cell: number, counts: CellCounts, book: AlarmBook, atMs: number): void {
    const { question } = this
    const id = `${question.kind}/${chamber}/${cell}`
    if (question.isCrossed(counts)) book.raise(this.finding(id, chamber, cell, counts), atMs)
    else if (book.has(id) && question.isKept(counts)) book.clear(id)
  }

  private finding(id: string, chamber: number, cell: number, counts: CellCounts): Finding {
    const { kind, word, limit } = this.question
    const { hits, expected } = counts
    const found = `${plural(hits, 'hit')} where ${formatCount(expected)} are expected`
    const text = `cell ${cell} of chamber ${chamber} is ${word}: ${found}`
    return { id, kind, chamber, cell, text, value: hits, limit: limit(counts), unit: 'hits' }
  }
}

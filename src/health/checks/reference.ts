import type { Result } from '../../core/results/result.js'
import type { HealthLimits } from '../../core/run-file/health-limits.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import { addHistograms, type ChamberHistograms, emptyHistograms } from '../chamber-histograms.js'
import { type Check, CLEAR_PROBABILITY } from '../check.js'
import { type Compared, compareHistograms } from '../compare-histograms.js'
import type { Comparison } from '../health-view.js'
import { sum } from '../statistics/chi2-test.js'

/** Hits of a chamber that end a window; so many are compared before the first window is over, and each time they double. */
const FULL = 10_000
const LEAST = 1000
const GROWTH = 2
/** An alarm ends when the difference is within this part of what is allowed. */
const BACK = 0.8

type ReferenceLimits = Exclude<HealthLimits['reference'], 'off'>

interface Window {
  histograms: ChamberHistograms
  /** hits when they were compared, in the first window */
  compared: number
  isFirst: boolean
  newest: readonly Compared[]
}

/** Do the histograms look like those of a reference, whatever the number of entries? */
export class ReferenceCheck implements Check {
  private readonly windows: readonly Window[]
  private readonly reference: readonly ChamberHistograms[]

  constructor(
    private readonly run: RunFile,
    private readonly limits: ReferenceLimits,
    reference: Result,
  ) {
    this.reference = run.chambers.map(({ first_channel }, chamber) => {
      const histograms = emptyHistograms(run)
      addHistograms(histograms, reference, chamber, first_channel)
      return histograms
    })
    this.windows = run.chambers.map(() => ({
      histograms: emptyHistograms(run),
      compared: LEAST / GROWTH,
      isFirst: true,
      newest: [],
    }))
  }

  /** The newest comparison of each histogram. */
  get comparisons(): Comparison[] {
    return this.windows.flatMap(({ newest }) => newest.map(({ difference: _, ...comparison }) => comparison))
  }

  add(result: Result): void {
    for (const [chamber, { histograms }] of this.windows.entries())
      addHistograms(histograms, result, chamber, this.run.chambers[chamber].first_channel)
  }

  evaluate(book: AlarmBook, atMs: number): void {
    for (const [chamber, window] of this.windows.entries()) {
      const hits = sum(window.histograms.occupancy)
      if (hits < FULL && !(window.isFirst && hits >= GROWTH * window.compared)) continue
      window.compared = hits
      window.newest = compareHistograms(chamber, window.histograms, this.reference[chamber])
      for (const compared of window.newest) this.test(compared, book, atMs)
      if (hits >= FULL) this.restart(window)
    }
  }

  private test(compared: Compared, book: AlarmBook, atMs: number): void {
    const { difference, pChi2, histogram, chamber } = compared
    const id = `reference/${chamber}/${histogram.replace(' ', '-')}`
    const limits = this.limits
    if (difference > limits.difference && pChi2 < limits.p_value) book.raise(this.finding(id, compared), atMs)
    else if (difference < BACK * limits.difference || pChi2 > CLEAR_PROBABILITY) book.clear(id)
  }

  private restart(window: Window): void {
    window.histograms = emptyHistograms(this.run)
    window.isFirst = false
  }

  private finding(id: string, { histogram, chamber, difference, pChi2 }: Compared): Finding {
    const limit = this.limits.difference
    const how = `differs from the reference by ${percent(difference)} (p = ${pChi2.toExponential(0)})`
    const text = `the ${histogram} of chamber ${chamber} ${how}, and ${percent(limit)} are allowed`
    return { id, kind: 'reference', chamber, cell: undefined, text, value: difference, limit, unit: '' }
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

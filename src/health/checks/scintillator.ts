import type { Result } from '../../core/results/result.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import type { Check } from '../check.js'
import { LimitWindow } from './window.js'

const ID = 'scintillator'

/** Are there too few scintillator signals for the hits that there are? Without them no drift time is measured. */
export class ScintillatorCheck implements Check {
  private readonly window: LimitWindow

  constructor(
    private readonly leastPerHit: number,
    probability: number,
  ) {
    this.window = new LimitWindow('least', probability)
  }

  add({ rows }: Result): void {
    this.window.add(rows.scintillator, rows.hits * this.leastPerHit)
  }

  evaluate(book: AlarmBook, atMs: number): void {
    const verdict = this.window.verdict()
    if (verdict === 'crossed') book.raise(this.finding(), atMs)
    else if (verdict === 'kept') book.clear(ID)
    if (verdict === 'crossed' || this.window.isFull) this.window.restart()
  }

  private finding(): Finding {
    const { count, allowed } = this.window
    const least = Math.ceil(allowed)
    const text = `the scintillators are silent: ${count} signals where at least ${least} are expected`
    return { id: ID, kind: ID, chamber: undefined, cell: undefined, text, value: count, limit: least, unit: 'signals' }
  }
}

import type { Result } from '../../core/results/result.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import type { Check } from '../check.js'
import { LimitWindow } from './window.js'

const ID = 'malformed'

/** Can too many of the rows not be read? */
export class MalformedCheck implements Check {
  private readonly window: LimitWindow
  private read = 0

  constructor(
    private readonly mostShare: number,
    probability: number,
  ) {
    this.window = new LimitWindow('most', probability)
  }

  add({ rows }: Result): void {
    this.read += rows.read
    this.window.add(rows.malformed, rows.read * this.mostShare)
  }

  evaluate(book: AlarmBook, atMs: number): void {
    const verdict = this.window.verdict()
    if (verdict === 'crossed') book.raise(this.finding(), atMs)
    else if (verdict === 'kept') book.clear(ID)
    if (verdict !== 'crossed' && !this.window.isFull) return
    this.window.restart()
    this.read = 0
  }

  private finding(): Finding {
    const share = this.window.count / this.read
    const text = `${percent(share)} of the rows are malformed, and ${percent(this.mostShare)} are allowed`
    return {
      id: ID,
      kind: ID,
      chamber: undefined,
      cell: undefined,
      text,
      value: share,
      limit: this.mostShare,
      unit: '',
    }
  }
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}

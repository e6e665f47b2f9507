import { niceTicks, niceTop } from '../../../ticks.js'
import type { Figure } from '../bokeh.js'
import { CountTickFormatter } from './count-ticks.js'

/** Where a logarithmic axis of counts begins: an empty bin stands on it, and a bin of one above it. */
export const LOG_FLOOR = 0.5

/** The least end of an axis of counts, so that a single one does not fill the plot. */
const LEAST_TOP = 4
/** An axis, or a scale of colours, that would become shorter stays as it is down to this part of it, so that it does not go to and fro. */
export const KEEPS = 0.6
const TICKS = 5

/** The vertical axis of a figure, from zero (or LOG_FLOOR) to a round number above the highest value. It moves only where that number changes. */
export class ValueAxis {
  /** where it ends */
  end = 0
  private readonly ticker = new Bokeh.FixedTicker({ ticks: [] })

  constructor(
    private readonly figure: Figure,
    private readonly log: boolean,
  ) {
    for (const axis of figure.yaxes) {
      axis.ticker = this.ticker
      axis.formatter = new CountTickFormatter()
    }
    for (const grid of figure.ygrids) grid.ticker = this.ticker
    this.fit(0)
  }

  fit(highest: number): void {
    const end = this.log ? nextDecade(highest) : niceTop(Math.max(highest * 1.05, LEAST_TOP))
    if (end === this.end || (end < this.end && highest > KEEPS * this.end)) return
    this.end = end
    this.ticker.ticks = this.log ? decades(end) : niceTicks(0, end, TICKS)
    this.figure.y_range.setv({ start: this.log ? LOG_FLOOR : 0, end })
  }
}

/** Powers of ten from 1 up to `top`, at most six of them. */
export function decades(top: number): number[] {
  const last = Math.floor(Math.log10(top) + 1e-9)
  const step = Math.ceil(last / TICKS)
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => 10 ** (i * step))
}

/** A power of ten, 10 or more, with some room above `highest`. */
function nextDecade(highest: number): number {
  return 10 ** Math.ceil(Math.log10(Math.max(highest * 1.2, 10)))
}

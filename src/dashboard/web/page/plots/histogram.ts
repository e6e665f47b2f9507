import type { Figure } from '../bokeh.js'
import { ALARM_COLOUR } from '../palette.js'
import { ANY, type Detail, differ, type PlotContext } from './plot.js'
import { LOG_FLOOR, ValueAxis } from './value-axis.js'

export interface HistogramOptions {
  figure: Figure
  /** lower edge of the first bin, and width of each */
  low: number
  width: number
  bins: number
  colour: string
}

/** A filled histogram: one path of steps, which a browser fills several times faster than a box for each bin. */
export class Histogram {
  private readonly figure: Figure
  private readonly source
  /** at the top, above the bins that go beyond it */
  private readonly beyond
  private readonly axis: ValueAxis
  private readonly floor: number
  private drawn: readonly number[] | undefined

  constructor(
    { figure, low, width, bins, colour }: HistogramOptions,
    private readonly context: Pick<PlotContext, 'log'>,
  ) {
    this.figure = figure
    this.floor = context.log ? LOG_FLOOR : 0
    this.axis = new ValueAxis(figure, context.log)
    const x = Float64Array.from({ length: bins + 1 }, (_, i) => low + i * width)
    const base = new Float64Array(bins + 1).fill(this.floor)
    this.source = new Bokeh.ColumnDataSource({ data: { x, base, top: base } })
    figure.varea_step({ field: 'x' }, { field: 'base' }, { field: 'top' }, 'after', {
      source: this.source,
      fill_color: colour,
      fill_alpha: 0.85,
    })
    this.beyond = new Bokeh.ColumnDataSource({ data: { x: [], y: [] } })
    figure.scatter(
      { field: 'x' },
      { field: 'y' },
      {
        source: this.beyond,
        marker: 'triangle',
        size: 9,
        color: ALARM_COLOUR,
      },
    )
  }

  /** @param highest count that the axis has room for; bins beyond it are marked. @returns whether it is drawn anew */
  set(counts: readonly number[], detail: Detail, highest = Math.max(0, ...counts)): boolean {
    if (!differ(counts, this.drawn, detail === 'all' ? ANY : this.seen())) return false
    this.drawn = counts
    const top = new Float64Array(counts.length + 1)
    counts.forEach((count, i) => {
      top[i] = Math.max(count, this.floor)
    })
    top[counts.length] = top[counts.length - 1]
    this.axis.fit(highest)
    this.source.data = { ...this.source.data, top }
    this.markBeyond(counts)
    return true
  }

  /** What moves a bin by a pixel. */
  private seen(): typeof ANY {
    const { inner_height } = this.figure.properties
    const { end } = this.axis
    const linear = !this.context.log && !inner_height.is_unset
    return { least: linear ? end / Math.max(1, inner_height.get_value()) : 0, top: end }
  }

  private markBeyond(counts: readonly number[]): void {
    const { end } = this.axis
    const bins = [...counts.keys()].filter((bin) => counts[bin] > end)
    if (bins.length === 0 && this.beyond.get_length() === 0) return
    const x = this.source.get_array<number>('x')
    this.beyond.data = { x: bins.map((bin) => (x[bin] + x[bin + 1]) / 2), y: bins.map(() => 0.97 * end) }
  }
}

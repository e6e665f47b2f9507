import type { Curve, DashboardView } from '../../../view.js'
import { createFigure } from './figure.js'
import type { LegendEntry, Plot, PlotContext } from './plot.js'
import { ValueAxis } from './value-axis.js'

export interface CurvesOptions {
  name: string
  yLabel: string
  legend: readonly LegendEntry[]
  /** as many as the legend has entries */
  curves(view: DashboardView): readonly Curve[]
}

/** Counts per second against the time of day. A curve has whole steps only, of a second in a live view: it is drawn once a second. */
export function createCurves({ name, yLabel, legend, curves }: CurvesOptions, context: PlotContext): Plot {
  const yAxis = context.log ? 'log' : 'linear'
  const figure = createFigure({ name, x: [0, 1000], xLabel: 'time (UTC)', xAxis: 'datetime', yLabel, yAxis }, context)
  paintTimeAxis(figure.xaxis)
  const axis = new ValueAxis(figure, context.log)
  const source = new Bokeh.ColumnDataSource({ data: { x: [], ...columns(legend.map(() => [])) } })
  legend.forEach((entry, i) => {
    const colour = entry.colour ?? context.ink.text
    figure.line({ field: 'x' }, { field: `y${i}` }, { source, line_color: colour, line_width: entry.colour ? 2 : 1.5 })
  })
  let drawn = ''
  return {
    figure,
    update(view) {
      const { atMs, stepMs } = view
      const last = Math.floor(atMs / stepMs)
      const values = curves(view)
      const state = `${last} ${values}`
      if (state === drawn) return false
      drawn = state
      const length = values[0]?.length ?? 0
      axis.fit(highest(values))
      figure.x_range.setv({ start: (last - length) * stepMs, end: last * stepMs })
      const x = Float64Array.from({ length }, (_, i) => (last - length + i + 0.5) * stepMs)
      source.data = { x, ...columns(values) }
      return true
    },
  }
}

function columns(curves: readonly Curve[]): Record<string, Float64Array> {
  return Object.fromEntries(curves.map((curve, i) => [`y${i}`, Float64Array.from(curve, (rate) => rate ?? Number.NaN)]))
}

function highest(curves: readonly Curve[]): number {
  let most = 0
  for (const curve of curves) for (const rate of curve) if (rate !== null && rate > most) most = rate
  return most
}

function paintTimeAxis(axis: { ticker: unknown; formatter: unknown }): void {
  axis.ticker = new Bokeh.DatetimeTicker({ desired_num_ticks: 5, num_minor_ticks: 0 })
  axis.formatter = new Bokeh.DatetimeTickFormatter({
    seconds: '%H:%M:%S',
    minsec: '%H:%M:%S',
    minutes: '%H:%M',
    hourmin: '%H:%M',
    hours: '%H:%M',
    days: '%d %b',
    months: '%b %Y',
  })
}

/** The sum of curves, second by second; unknown where one of them is. */
export function sumOf(curves: readonly Curve[]): Curve {
  return (curves[0] ?? []).map((_, i) =>
    curves.reduce<number | null>((sum, curve) => {
      const rate = curve[i]
      return sum === null || rate === null ? null : sum + rate
    }, 0),
  )
}

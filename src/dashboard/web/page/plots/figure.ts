import type { Axis, Figure } from '../bokeh.js'
import type { Ink } from '../palette.js'
import type { PlotContext } from './plot.js'

const FONT = 'system-ui, sans-serif'
/** Of all plots, so that frames above each other begin at the same place. */
const LEFT = 70
const RIGHT = 14
const TOP = 8
const BOTTOM = 44

export interface FigureOptions {
  name: string
  x: readonly [low: number, high: number]
  xLabel: string
  xAxis?: 'linear' | 'datetime'
  yLabel: string
  yAxis: 'linear' | 'log'
  /** room at the right of the frame */
  right?: number
  /** where it is large, dragging chooses a part of the x axis, and a double click gives it all back */
  zoom?: boolean
}

/** An empty figure in the page's colours. Its ranges are set, not found, so that a new count does not move what stands still. */
export function createFigure(options: FigureOptions, { ink, large }: PlotContext): Figure {
  const { x, xLabel, xAxis = 'linear', yLabel, yAxis, right = RIGHT } = options
  // a finger that drags scrolls
  const zoom = options.zoom && large && matchMedia('(pointer: fine)').matches
  const figure = Bokeh.Plotting.figure({
    name: options.name,
    sizing_mode: 'stretch_both',
    min_border_left: LEFT,
    min_border_right: right,
    min_border_top: TOP,
    min_border_bottom: BOTTOM,
    x_range: new Bokeh.Range1d({ start: x[0], end: x[1] }),
    y_range: new Bokeh.Range1d({ start: 0, end: 1 }),
    x_axis_type: xAxis,
    y_axis_type: yAxis,
    x_axis_label: xLabel,
    y_axis_label: yLabel,
    tools: zoom ? 'xbox_zoom' : '',
    toolbar_location: null,
    background_fill_color: ink.card,
    border_fill_color: ink.card,
    outline_line_color: ink.line,
  })
  for (const axis of figure.axes) paintAxis(axis, ink)
  for (const grid of figure.ygrids) grid.grid_line_color = ink.line
  figure.center = figure.ygrids
  if (zoom) figure.on_event('doubletap', () => figure.x_range.setv({ start: x[0], end: x[1] }))
  return figure
}

function paintAxis(axis: Axis, ink: Ink): void {
  axis.axis_label_text_font = axis.major_label_text_font = FONT
  axis.axis_label_text_font_style = 'normal'
  axis.axis_label_text_font_size = axis.major_label_text_font_size = '12px'
  axis.axis_label_text_color = ink.muted
  axis.major_label_text_color = ink.text
  axis.axis_line_color = axis.major_tick_line_color = ink.muted
  axis.minor_tick_line_color = null
  axis.major_tick_in = 0
  axis.major_tick_out = 4
  axis.axis_label_standoff = 6
}

import type { RunFile } from '../../../../core/run-file/run-file.js'
import { niceTicks, niceTop } from '../../../ticks.js'
import type { DashboardView } from '../../../view.js'
import type { Figure } from '../bokeh.js'
import { ALARM_COLOUR } from '../palette.js'
import { type CellPlaces, cellPlaces } from './cell-places.js'
import { CountTickFormatter } from './count-ticks.js'
import { createFigure } from './figure.js'
import { highestQuiet, hitsInWords } from './noise.js'
import { ANY, differ, type Plot, type PlotContext, type PlotSpec } from './plot.js'
import { decades, KEEPS } from './value-axis.js'

type Counts = 'cells' | 'scintillatorCells'

/** Part of a cell's width and height that is coloured. */
const FILLED = 0.94
const BAR_ROOM = 62
const COLOURS = 256

/**
 * Hits of a chamber's cells, each where it is. Colours end with the highest cell that is not noisy; noisy ones have a
 * colour of their own, and a cell that an alarm names has a cross.
 */
export function cellMap(run: RunFile, chamber: number, counts: Counts): PlotSpec {
  const name = `${counts === 'cells' ? 'map' : 'scintillator-map'}-${chamber}`
  const hitsOf = ({ chambers }: DashboardView) => chambers[chamber][counts]
  return {
    name,
    title: counts === 'cells' ? 'Cells as they are built' : 'Cells in orbits with a scintillator signal',
    chamber,
    legend: [],
    make: (context) => createMap(name, context, { chamber, hitsOf }),
    note: (view) => hitsInWords(hitsOf(view), run),
    empty: (view) => (hitsOf(view).every((hits) => hits === 0) ? 'no hits yet' : undefined),
  }
}

interface Shown {
  chamber: number
  hitsOf(view: DashboardView): readonly number[]
}

function createMap(name: string, context: PlotContext, { chamber, hitsOf }: Shown): Plot {
  const { run, log } = context
  const places = cellPlaces(run)
  const figure = createFigure(
    {
      name,
      x: ends(places.x, run.cell.width_mm),
      xLabel: 'wire position / mm',
      yLabel: 'layer',
      yAxis: 'linear',
      right: BAR_ROOM,
    },
    context,
  )
  figure.xaxis.ticker = new Bokeh.SingleIntervalTicker({ interval: 200 })
  const [low, high] = ends(places.z, run.cell.height_mm)
  figure.y_range.setv({ start: low, end: high })
  nameLayers(figure, places)
  const source = new Bokeh.ColumnDataSource({ data: { ...places, hits: new Float64Array(places.cell.length) } })
  const scale = new ColourScale(figure, context)
  figure.rect({ field: 'x' }, { field: 'z' }, run.cell.width_mm * FILLED, run.cell.height_mm * FILLED, {
    source,
    fill_color: { field: 'hits', transform: scale.mapper },
    line_color: null,
  })
  addHover(figure, context)
  const marks = new AlarmMarks(figure, places)
  let drawn: readonly number[] | undefined
  return {
    figure,
    update(view, detail) {
      marks.set(view, chamber)
      const cells = hitsOf(view)
      if (!differ(cells, drawn, detail === 'all' ? ANY : scale.seen())) return false
      drawn = cells
      scale.fit(highestQuiet(cells, run))
      // on a logarithmic scale there is no colour for nothing
      const hits = Float64Array.from(places.cell, (cell) => (log && cells[cell] === 0 ? Number.NaN : cells[cell]))
      source.data = { ...source.data, hits }
      return true
    },
  }
}

/** Colours of counts, and the bar that explains them. */
class ColourScale {
  readonly mapper
  private readonly ticker = new Bokeh.FixedTicker({ ticks: [] })
  private top = 0

  constructor(
    figure: Figure,
    private readonly context: PlotContext,
  ) {
    const { ink, log } = context
    const options = {
      palette: Bokeh.Palettes.viridis(COLOURS),
      high_color: ALARM_COLOUR,
      nan_color: ink.line,
      low: log ? 1 : 0,
      high: 1,
    }
    this.mapper = log ? new Bokeh.LogColorMapper(options) : new Bokeh.LinearColorMapper(options)
    const bar = new Bokeh.ColorBar({
      color_mapper: this.mapper,
      ticker: this.ticker,
      formatter: new CountTickFormatter(),
      width: 8,
      padding: 0,
      margin: 0,
      label_standoff: 5,
      background_fill_color: null,
      major_tick_line_color: null,
      major_label_text_color: ink.text,
      major_label_text_font: 'system-ui, sans-serif',
      major_label_text_font_size: '12px',
    })
    figure.add_layout(bar, 'right')
    this.fit(0)
  }

  /** What is another colour. */
  seen(): typeof ANY {
    return { least: this.context.log ? 0 : this.top / COLOURS, top: this.top }
  }

  fit(highest: number): void {
    const top = niceTop(Math.max(highest, this.context.log ? 10 : 4))
    if (top === this.top || (top < this.top && highest > KEEPS * this.top)) return
    this.top = top
    this.ticker.ticks = this.context.log ? decades(top) : niceTicks(0, top, 5)
    this.mapper.high = top
  }
}

/** A cross on each cell of the chamber that an alarm names. */
class AlarmMarks {
  private readonly source
  private drawn = ''

  constructor(
    figure: Figure,
    private readonly places: CellPlaces,
  ) {
    this.source = new Bokeh.ColumnDataSource({ data: { x: [], z: [] } })
    // dark on light, whatever the cell's colour
    for (const [line_color, line_width] of [
      ['#ffffff', 5],
      ['#000000', 2],
    ] as const) {
      const style = { source: this.source, marker: 'x', size: 9, line_color, line_width } as const
      figure.scatter({ field: 'x' }, { field: 'z' }, style)
    }
  }

  set({ health }: DashboardView, chamber: number): void {
    const named = health.alarms.filter((alarm) => alarm.chamber === chamber).map(({ cell }) => cell)
    const at = [...this.places.cell.keys()].filter((i) => named.includes(this.places.cell[i]))
    if (String(at) === this.drawn) return
    this.drawn = String(at)
    this.source.data = { x: at.map((i) => this.places.x[i]), z: at.map((i) => this.places.z[i]) }
  }
}

function addHover(figure: Figure, { run }: PlotContext): void {
  const tooltips: [string, string][] = [
    ['cell', '@cell'],
    ['layer, wire', '@layer, @wire'],
    ['hits', '@hits{0,0}'],
  ]
  figure.add_tools(new Bokeh.HoverTool({ tooltips, visible: false, description: `cells of ${run.name}` }))
}

function nameLayers(figure: Figure, { z, layer }: CellPlaces): void {
  const ticks = [...new Set(z)]
  figure.yaxis.ticker = new Bokeh.FixedTicker({ ticks })
  figure.yaxis.major_label_overrides = new Map(ticks.map((height) => [height, String(layer[z.indexOf(height)])]))
  figure.center = []
}

/** Where cells with these middles begin and end. */
function ends(middles: readonly number[], size: number): [low: number, high: number] {
  return [Math.min(...middles) - 0.6 * size, Math.max(...middles) + 0.6 * size]
}

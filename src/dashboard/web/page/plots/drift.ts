import { formatCount } from '../../../../cli/numbers.js'
import { driftBinCount, type RunFile } from '../../../../core/run-file/run-file.js'
import type { EdgeFit } from '../../../../health/health-view.js'
import type { Figure } from '../bokeh.js'
import { chamberColour, type Ink } from '../palette.js'
import { createFigure } from './figure.js'
import { Histogram } from './histogram.js'
import type { PlotSpec } from './plot.js'

/** Longest drift time that a cell allows, in ns: half its width at the drift velocity. */
export function longestDriftNs({ cell }: RunFile): number {
  return ((cell.width_mm / 2) * 1000) / cell.drift_velocity_um_per_ns
}

/** Drift times of a chamber: with the box that they should fill, and the edges that were fitted. */
export function drift(run: RunFile, chamber: number): PlotSpec {
  const name = `drift-${chamber}`
  const { low_ns, high_ns, width_ns } = run.drift_time
  return {
    name,
    title: 'Drift time',
    chamber,
    legend: [],
    make(context) {
      const yAxis = context.log ? 'log' : 'linear'
      const yLabel = `hits / ${width_ns} ns`
      const x = [low_ns, high_ns] as const
      const figure = createFigure({ name, x, xLabel: 'drift time / ns', yLabel, yAxis, zoom: true }, context)
      markBox(figure, longestDriftNs(run), context.ink)
      const bins = driftBinCount(run.drift_time)
      const histogram = new Histogram(
        { figure, low: low_ns, width: width_ns, bins, colour: chamberColour(chamber) },
        context,
      )
      const edges = new EdgeLines(figure, context.ink)
      return {
        figure,
        update({ chambers, health }, detail) {
          edges.set(health.edges[chamber])
          return histogram.set(chambers[chamber].drift.counts, detail)
        },
      }
    },
    note({ chambers, health }) {
      const { entries, underflow, overflow } = chambers[chamber].drift
      const outside = underflow + overflow > 0 ? `, ${formatCount(underflow + overflow)} outside` : ''
      return `${formatCount(entries)} drift times${outside} \u00b7 ${edgesInWords(health.edges[chamber], run)}`
    },
    empty: ({ chambers }) => (chambers[chamber].drift.entries === 0 ? 'no drift times yet' : undefined),
  }
}

/** Edges and drift velocity with their errors, beside what the run file says. */
function edgesInWords(fit: EdgeFit | undefined, { cell }: RunFile): string {
  if (fit === undefined) return 'edges not fitted'
  const t0 = `t\u2080 ${measured(fit.t0Ns, fit.t0ErrorNs)} ns (run file: 0)`
  const velocity = `v ${measured(fit.velocity, fit.velocityError)} \u00b5m/ns (run file: ${cell.drift_velocity_um_per_ns})`
  return `${t0}, ${velocity}`
}

/** Value and error with the digits that the error leaves: `53.86 ± 0.08`. */
function measured(value: number, error: number): string {
  const digits = error > 0 ? Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(error)))) : 2
  return `${value.toFixed(digits).replace('-', '\u2212')} \u00b1 ${error.toFixed(digits)}`
}

function markBox(figure: Figure, end: number, ink: Ink): void {
  figure.add_layout(
    new Bokeh.BoxAnnotation({
      left: 0,
      right: end,
      fill_color: ink.muted,
      fill_alpha: 0.13,
      line_color: ink.muted,
      line_dash: 'dashed',
      level: 'underlay',
    }),
  )
}

/** A line at each fitted edge. */
class EdgeLines {
  private readonly lines

  constructor(figure: Figure, ink: Ink) {
    this.lines = [0, 0].map(
      (location) => new Bokeh.Span({ location, dimension: 'height', line_color: ink.text, visible: false }),
    )
    for (const line of this.lines) figure.add_layout(line)
  }

  set(fit: EdgeFit | undefined): void {
    const places = fit ? [fit.t0Ns, fit.endNs] : []
    this.lines.forEach((line, i) => {
      if (places[i] !== undefined) line.location = places[i]
      line.visible = places[i] !== undefined
    })
  }
}

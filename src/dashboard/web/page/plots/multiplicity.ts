import { plural } from '../../../../cli/numbers.js'
import { CELLS } from '../../../../core/run-file/run-file.js'
import { chamberColour } from '../palette.js'
import { createFigure } from './figure.js'
import { Histogram } from './histogram.js'
import type { PlotSpec } from './plot.js'

/** The axis shows at least so many active channels: a muon gives four or five. */
const LEAST_END = 12

/** Orbits of a chamber by the number of their active channels. */
export function multiplicity(chamber: number): PlotSpec {
  const name = `multiplicity-${chamber}`
  return {
    name,
    title: 'Active channels per orbit',
    chamber,
    legend: [],
    make(context) {
      const yAxis = context.log ? 'log' : 'linear'
      const x = [0.5, LEAST_END + 0.5] as const
      const figure = createFigure({ name, x, xLabel: 'active channels', yLabel: 'orbits', yAxis }, context)
      figure.xaxis.ticker = new Bokeh.BasicTicker({ desired_num_ticks: 8, mantissas: [1, 2, 5], min_interval: 1 })
      const histogram = new Histogram(
        { figure, low: 0.5, width: 1, bins: CELLS, colour: chamberColour(chamber) },
        context,
      )
      return {
        figure,
        update({ chambers }, detail) {
          const counts = chambers[chamber].multiplicity
          figure.x_range.end = endOf(counts) + 0.5
          return histogram.set(counts, detail)
        },
      }
    },
    note({ chambers }) {
      const orbits = sum(chambers[chamber].multiplicity)
      const channels = chambers[chamber].multiplicity.reduce((all, count, i) => all + count * (i + 1), 0)
      return orbits === 0 ? plural(0, 'orbit') : `${plural(orbits, 'orbit')}, mean ${(channels / orbits).toFixed(2)}`
    },
    empty: ({ chambers }) => (sum(chambers[chamber].multiplicity) === 0 ? 'no orbits yet' : undefined),
  }
}

/** A multiple of four that leaves no orbit out. */
function endOf(counts: readonly number[]): number {
  const last = counts.findLastIndex((count) => count > 0) + 1
  return Math.max(LEAST_END, Math.ceil(last / 4) * 4)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}

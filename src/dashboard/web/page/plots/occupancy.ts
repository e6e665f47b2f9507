import { CELLS, type RunFile } from '../../../../core/run-file/run-file.js'
import { chamberColour } from '../palette.js'
import { createFigure } from './figure.js'
import { Histogram } from './histogram.js'
import { highestQuiet, hitsInWords } from './noise.js'
import type { PlotSpec } from './plot.js'

/** Hits by cell of a chamber. */
export function occupancy(run: RunFile, chamber: number): PlotSpec {
  const name = `occupancy-${chamber}`
  const first = run.chambers[chamber].first_channel
  const xLabel = first === 0 ? 'cell (TDC_CHANNEL)' : `cell (TDC_CHANNEL \u2212 ${first})`
  return {
    name,
    title: 'Hits by cell',
    chamber,
    legend: [],
    make(context) {
      const yAxis = context.log ? 'log' : 'linear'
      const figure = createFigure({ name, x: [0, CELLS], xLabel, yLabel: 'hits', yAxis, zoom: true }, context)
      figure.xaxis.ticker = new Bokeh.FixedTicker({ ticks: Array.from({ length: 9 }, (_, i) => 8 * i) })
      const histogram = new Histogram(
        { figure, low: 0, width: 1, bins: CELLS, colour: chamberColour(chamber) },
        context,
      )
      return {
        figure,
        update({ chambers }, detail) {
          const { cells } = chambers[chamber]
          return histogram.set(cells, detail, context.log ? undefined : highestQuiet(cells, run))
        },
      }
    },
    note: ({ chambers }) => hitsInWords(chambers[chamber].cells, run),
    empty: ({ chambers }) => (chambers[chamber].hits === 0 ? 'no hits yet' : undefined),
  }
}

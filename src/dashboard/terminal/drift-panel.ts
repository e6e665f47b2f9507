import type { DriftTimeBins } from '../../core/run-file/run-file.js'
import { niceTicks } from '../ticks.js'
import type { DriftView } from '../view.js'
import { type AxisLabel, labelledEdge } from './frame.js'
import { histogramPanel } from './histogram-panel.js'
import type { Rect } from './layout.js'
import { type Line, span } from './text.js'

/** Columns that a label of the axis in ns takes, with the space around it. */
const LABEL_COLUMNS = 5
const MOST_LABELS = 14
const UNIT = ' ns'

/** The drift-time histogram of a chamber in a frame, with an axis in ns as its lower edge. */
export function driftPanel(
  size: Pick<Rect, 'width' | 'height'>,
  { chamber, drift, bins, log }: { chamber: number; drift: DriftView; bins: DriftTimeBins; log: boolean },
): Line[] {
  const outside = drift.underflow + drift.overflow > 0
  return histogramPanel(size, {
    title: `drift time ${chamber}`,
    ink: chamber,
    corners: drift.peakNs === undefined ? [] : peakCorners(drift.peakNs),
    counts: drift.counts,
    log,
    foot: (columns) => nsEdge(columns, bins),
    empty: outside ? 'all drift times lie outside' : 'no drift times yet',
  })
}

/** The column of a plot of `columns` columns that a drift time falls into. */
export function columnOfNs(ns: number, columns: number, { low_ns, high_ns }: DriftTimeBins): number {
  return Math.floor(((ns - low_ns) / (high_ns - low_ns)) * columns)
}

function nsEdge(columns: number, bins: DriftTimeBins): Line {
  const room = columns - UNIT.length
  const ticks = niceTicks(
    bins.low_ns,
    bins.high_ns,
    Math.max(1, Math.min(MOST_LABELS, Math.floor(columns / LABEL_COLUMNS))),
  )
  const labels = ticks.map((ns): AxisLabel => ({ column: columnOfNs(ns, columns, bins), text: String(ns) }))
  return [...labelledEdge(room, labels), span(UNIT)]
}

function peakCorners(peakNs: number): Line[] {
  const peak = String(Math.round(peakNs))
  return [`${peak} ns`, peak].map((text) => [span('peak '), span(text, 'strong')])
}

import type { DriftTimeBins } from '../../core/run-file/run-file.js'
import { niceTicks } from '../ticks.js'
import type { DriftView } from '../view.js'
import { type AxisLabel, framed, labelledEdge } from './frame.js'
import { brailleBars, rebinned } from './histogram.js'
import type { Rect } from './layout.js'
import { centred, type Line, span } from './text.js'
import { VALUE_AXIS_WIDTH, valueAxis } from './value-axis.js'

/** Columns that a label of the axis in ns takes, with the space around it. */
const LABEL_COLUMNS = 5
const MOST_LABELS = 14
const UNIT = ' ns'

/** The drift-time histogram of a chamber in a frame, with an axis in ns as its lower edge. */
export function driftPanel(
  { width, height }: Pick<Rect, 'width' | 'height'>,
  { chamber, drift, bins }: { chamber: number; drift: DriftView; bins: DriftTimeBins },
): Line[] {
  const columns = width - 2 - VALUE_AXIS_WIDTH
  const rows = height - 2
  return framed(width, height, {
    title: `drift time ${chamber}`,
    ink: chamber,
    corners: drift.peakNs === undefined ? [] : peakCorners(drift.peakNs),
    foot: [span('─'.repeat(VALUE_AXIS_WIDTH - 1), 'faint'), span('┴', 'faint'), ...nsEdge(columns, bins)],
    body: drift.entries === 0 ? nothingYet(width - 2, rows, drift) : histogram(columns, rows, chamber, drift.counts),
  })
}

/** The column of a plot of `columns` columns that a drift time falls into. */
export function columnOfNs(ns: number, columns: number, { low_ns, high_ns }: DriftTimeBins): number {
  return Math.floor(((ns - low_ns) / (high_ns - low_ns)) * columns)
}

function histogram(columns: number, rows: number, chamber: number, counts: readonly number[]): Line[] {
  const values = rebinned(counts, 2 * columns)
  const top = values.reduce((max, value) => Math.max(max, value), 0)
  const bars = brailleBars(values, top, rows)
  return valueAxis(top, rows).map((axis, row) => [...axis, span(bars[row], chamber)])
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

function nothingYet(width: number, rows: number, { underflow, overflow }: DriftView): Line[] {
  const outside = underflow + overflow > 0
  const text = outside ? 'all drift times lie outside' : 'no drift times yet'
  return [...Array.from({ length: (rows - 1) >> 1 }, () => []), centred(text, width, 'faint')]
}

import { formatCount } from '../../cli/numbers.js'
import { CELLS, type RunFile } from '../../core/run-file/run-file.js'
import { noisyCells } from '../noisy-cells.js'
import { niceTicks } from '../ticks.js'
import { type AxisLabel, labelledEdge } from './frame.js'
import { histogramPanel } from './histogram-panel.js'
import type { Rect } from './layout.js'
import { occupancyName } from './occupancy-panel.js'
import { type Line, span } from './text.js'

const LABEL_COLUMNS = 6
/** Multiplicities that are shown even where none of them occurs. */
const LEAST_MULTIPLICITY = 8

type Size = Pick<Rect, 'width' | 'height'>

/**
 * Hits by channel of a chamber, the channels as they are numbered on the wire. The axis ends with the highest count of a cell
 * that is not noisy; the count of the noisiest is in the upper edge.
 */
export function channelsPanel(size: Size, { chamber, cells, run, scintillator, log }: ChannelParts): Line[] {
  const noisy = noisyCells(cells, run.layers)
  const most = (which: boolean) => cells.reduce((max, count, i) => (noisy[i] === which ? Math.max(max, count) : max), 0)
  const [top, noisiest] = [most(false), most(true)]
  const first = run.chambers[chamber].first_channel
  return histogramPanel(size, {
    title: `${occupancyName(scintillator, size.width)} ${chamber}`,
    ink: chamber,
    corners: noisiest > 0 ? [[span('noisy ', 'alarm'), span(formatCount(noisiest), 'strong')]] : [],
    counts: cells,
    discrete: true,
    ...(top > 0 ? { top } : {}),
    log,
    foot: (columns, used) => numberEdge(columns, { first, last: first + CELLS - 1, used, unit: ' channel' }),
    empty: 'no hits yet',
  })
}

interface ChannelParts {
  readonly chamber: number
  readonly cells: readonly number[]
  readonly run: RunFile
  /** `cells` are of orbits with a scintillator signal only */
  readonly scintillator: boolean
  readonly log: boolean
}

/** Orbits by their number of active channels in a chamber, from 1 to the highest that occurs. */
export function multiplicityPanel(
  size: Size,
  { chamber, multiplicity, log }: { chamber: number; multiplicity: readonly number[]; log: boolean },
): Line[] {
  const last = Math.max(LEAST_MULTIPLICITY, multiplicity.findLastIndex((orbits) => orbits > 0) + 1)
  const orbits = multiplicity.reduce((sum, count) => sum + count, 0)
  const channels = multiplicity.reduce((sum, count, i) => sum + count * (i + 1), 0)
  const mean: Line = [span('mean '), span((channels / orbits).toFixed(2), 'strong')]
  return histogramPanel(size, {
    title: `multiplicity ${chamber}`,
    ink: chamber,
    corners: orbits > 0 ? [[span(`${formatCount(orbits)} orbits, `), ...mean], mean] : [],
    counts: multiplicity.slice(0, last),
    discrete: true,
    log,
    foot: (columns, used) => numberEdge(columns, { first: 1, last, used, unit: ' channels' }),
    empty: 'no orbits yet',
  })
}

interface NumberAxis {
  readonly first: number
  readonly last: number
  /** columns that the bins take */
  readonly used: number
  readonly unit: string
}

/** Whole numbers under the middle of their bins, and the unit at the right end. */
function numberEdge(columns: number, { first, last, used, unit }: NumberAxis): Line {
  const bins = last - first + 1
  const most = Math.max(1, Math.min(bins - 1, Math.floor(used / LABEL_COLUMNS)))
  const labels = niceTicks(first, last, most).map(
    (number): AxisLabel => ({ column: Math.floor(((number - first + 0.5) / bins) * used), text: String(number) }),
  )
  return [...labelledEdge(columns - unit.length - 1, labels), span('─', 'faint'), span(unit)]
}

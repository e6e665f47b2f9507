import { framed } from './frame.js'
import { brailleBars, rebinned } from './histogram.js'
import type { Rect } from './layout.js'
import { centred, type Ink, type Line, span } from './text.js'
import { VALUE_AXIS_WIDTH, valueAxis } from './value-axis.js'
import { linearScale, logScale } from './value-scale.js'

const DOTS_WIDE = 2

export interface HistogramParts {
  readonly title: string
  readonly ink: Ink
  /** at the right end of the upper edge; the first that fits */
  readonly corners?: readonly Line[]
  /** by bin */
  readonly counts: readonly number[]
  /** each bin is to be seen: as many dots wide as all others, which may leave some columns free */
  readonly discrete?: boolean
  /** the count at the upper edge, where it is not the highest; what is above ends there */
  readonly top?: number
  readonly log: boolean
  /** the axis below a plot of so many columns, exactly as wide; the bins take `used` of them */
  foot(columns: number, used: number): Line
  /** what to say where all bins are empty */
  readonly empty: string
}

/** A histogram in a frame, with an axis of counts at its left and one of its bins as its lower edge. */
export function histogramPanel({ width, height }: Pick<Rect, 'width' | 'height'>, parts: HistogramParts): Line[] {
  const { title, ink, corners, counts, foot, empty } = parts
  const columns = width - 2 - VALUE_AXIS_WIDTH
  const rows = height - 2
  const values = plotted(parts, DOTS_WIDE * columns)
  const some = counts.some((count) => count > 0)
  return framed(width, height, {
    title,
    ink,
    ...(corners ? { corners } : {}),
    foot: [
      span('─'.repeat(VALUE_AXIS_WIDTH - 1), 'faint'),
      span('┴', 'faint'),
      ...foot(columns, values.length / DOTS_WIDE),
    ],
    body: some ? bars(values, rows, parts) : nothing(width - 2, rows, empty),
  })
}

/** The value of each column of dots: of discrete bins their counts, else means. */
function plotted({ counts, discrete = false }: HistogramParts, dots: number): ArrayLike<number> {
  const dotsPerBin = Math.floor(dots / counts.length)
  if (!discrete || dotsPerBin === 0) return rebinned(counts, dots)
  return counts.flatMap((count) => new Array<number>(dotsPerBin).fill(count))
}

function bars(values: ArrayLike<number>, rows: number, { ink, log, top: given }: HistogramParts): Line[] {
  const top = given ?? Array.from(values).reduce((max, value) => Math.max(max, value), 0)
  const scale = log ? logScale(Array.from(values), top) : linearScale(top)
  const drawn = brailleBars(values, scale, rows)
  return valueAxis(scale, rows).map((axis, row) => [...axis, span(drawn[row], ink)])
}

function nothing(width: number, rows: number, text: string): Line[] {
  return [...Array.from({ length: (rows - 1) >> 1 }, () => []), centred(text, width, 'faint')]
}

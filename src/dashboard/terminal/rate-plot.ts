import { formatCount, formatRate } from '../../cli/numbers.js'
import { presentRate } from '../../core/results/rate-curve.js'
import { niceStep, niceTop } from '../ticks.js'
import type { Curve } from '../view.js'
import { type AxisLabel, framed, labelledEdge } from './frame.js'
import type { Rect } from './layout.js'
import { type Ink, type Line, type Span, span } from './text.js'
import { VALUE_AXIS_WIDTH, valueAxis } from './value-axis.js'
import { heightOf, linearScale, logScale, type ValueScale } from './value-scale.js'

/** One curve of a plot. */
export interface Series {
  /** a character, which stands where the curve ends */
  readonly name: string
  readonly ink: Ink
  readonly curve: Curve
  /** per second, at present */
  readonly present: number | undefined
}

/** Columns right of the curves, where each has its name. */
const NAMES_WIDTH = 3
/** Columns that a label of the axis of time takes, with the space around it. */
const LABEL_COLUMNS = 9
const DOTS_WIDE = 2
const DOTS_HIGH = 4

/** Where the curves are drawn, within the frame that `ratePanel` draws. */
export function plotArea({ left, top, width, height }: Rect): Rect {
  return {
    left: left + 1 + VALUE_AXIS_WIDTH,
    top: top + 1,
    width: width - 2 - VALUE_AXIS_WIDTH - NAMES_WIDTH,
    height: height - 2,
  }
}

/** Seconds that a plot of this width shows: the wider, the more. */
export function secondsShown(columns: number): number {
  const dots = columns * DOTS_WIDE
  return dots >= 240 ? 240 : dots >= 120 ? 120 : 60
}

/**
 * The upper end of the axis of rates. It grows at once and shrinks only when there is room to spare, so that it does
 * not jump to and fro with the noise.
 */
export function steadyTop(before: number | undefined, curves: readonly Curve[], seconds: number): number {
  const highest = visible(curves, seconds).reduce((max, rate) => Math.max(max, rate), 0)
  const top = niceTop(highest * 1.02)
  return before !== undefined && top < before && niceTop(highest * 1.2) >= before ? before : top
}

/** The scale up to `top` of what is seen of these curves. */
export function rateScale(
  curves: readonly Curve[],
  seconds: number,
  { top, log }: { top: number; log: boolean },
): ValueScale {
  return log ? logScale(visible(curves, seconds), top) : linearScale(top)
}

function visible(curves: readonly Curve[], seconds: number): number[] {
  return curves.flatMap((curve) => curve.slice(-seconds).map((rate) => rate ?? 0))
}

export interface Dot {
  x: number
  y: number
}

/**
 * The stretches of a curve as dots of a canvas with 2 x 4 of them to a character, y from the top; the right edge is now.
 * A second without a rate ends a stretch.
 */
export function curveDots(
  rates: readonly (number | null)[],
  { columns, rows, seconds, scale }: { columns: number; rows: number; seconds: number; scale: ValueScale },
): Dot[][] {
  const perSecond = (columns * DOTS_WIDE) / seconds
  const stretches: Dot[][] = [[]]
  rates.slice(-seconds).forEach((rate, i) => {
    if (rate === null) stretches.push([])
    else stretches.at(-1)?.push({ x: Math.floor((i + 0.5) * perSecond), y: dotsFromTop(rate, scale, rows) })
  })
  return stretches.filter((dots) => dots.length > 0)
}

function dotsFromTop(rate: number, scale: ValueScale, rows: number): number {
  const highest = rows * DOTS_HIGH - 1
  return highest - Math.round(heightOf(rate, scale) * highest)
}

/** The frame of the plot: axes, the present rates in its upper edge, each curve's name where it ends. */
export function ratePanel(
  rect: Rect,
  { title, series, scale }: { title: string; series: readonly Series[]; scale: ValueScale },
): Line[] {
  const { width: columns, height: rows } = plotArea(rect)
  const names = endNames(series, rows, scale)
  return framed(rect.width, rect.height, {
    title,
    ...(series.length === 1 ? { ink: series[0].ink } : {}),
    corners: [presentRates(series, '  '), presentRates(series, ' ')],
    foot: [
      span('─'.repeat(VALUE_AXIS_WIDTH - 1), 'faint'),
      span('┴', 'faint'),
      ...secondsEdge(columns + NAMES_WIDTH, columns),
    ],
    body: valueAxis(scale, rows).map((axis, row) => {
      const name = names.get(row)
      return name === undefined ? axis : [...axis, span(' '.repeat(columns + 1)), name]
    }),
  })
}

function presentRates(series: readonly Series[], gap: string): Line {
  if (series.every(({ present }) => present === undefined)) return []
  if (series.length === 1) return [span(formatRate(series[0].present ?? 0), 'strong')]
  return series.flatMap(({ name, ink, present }, i): Span[] => {
    const text = present === undefined ? '-' : formatCount(present)
    return [span(i > 0 ? gap : ''), span(`${name} `, ink), span(text, 'strong')]
  })
}

/** The row beside which each curve's name stands: that of its present rate, moved where two would meet; those without a row of their own are left away. */
function endNames(series: readonly Series[], rows: number, scale: ValueScale): Map<number, Span> {
  const ends = series
    .map(({ name, ink, curve }) => ({ name: span(name, ink), rate: presentRate(curve) }))
    .filter((end): end is { name: Span; rate: number } => end.rate !== undefined)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, rows)
  const names = new Map<number, Span>()
  let next = 0
  ends.forEach(({ name, rate }, i) => {
    const own = Math.floor(dotsFromTop(rate, scale, rows) / DOTS_HIGH)
    const row = Math.min(Math.max(own, next), rows - (ends.length - i))
    names.set(row, name)
    next = row + 1
  })
  return names
}

function secondsEdge(width: number, columns: number): Line {
  const seconds = secondsShown(columns)
  const step = niceStep(seconds, Math.max(1, Math.floor(columns / LABEL_COLUMNS)))
  const labels: AxisLabel[] = []
  for (let ago = Math.floor(seconds / step) * step; ago >= 0; ago -= step) {
    const column = Math.round((1 - ago / seconds) * columns)
    labels.push({ column, text: ago === 0 ? 'now' : `-${ago} s` })
  }
  return labelledEdge(width, labels)
}

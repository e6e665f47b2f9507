import { formatCount, formatRate } from '../../cli/numbers.js'
import { presentRate } from '../rate-curve.js'
import { niceStep, niceTop } from '../ticks.js'
import type { ChamberView } from '../view.js'
import { type AxisLabel, framed, labelledEdge } from './frame.js'
import type { Rect } from './layout.js'
import { type Line, type Span, span } from './text.js'
import { VALUE_AXIS_WIDTH, valueAxis } from './value-axis.js'

/** Columns right of the curves, where each has its chamber's number. */
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
export function steadyTop(before: number | undefined, chambers: readonly ChamberView[], seconds: number): number {
  const highest = Math.max(0, ...chambers.flatMap(({ rates }) => rates.slice(-seconds).map((rate) => rate ?? 0)))
  const top = niceTop(highest * 1.02)
  return before !== undefined && top < before && niceTop(highest * 1.2) >= before ? before : top
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
  { columns, rows, seconds, top }: { columns: number; rows: number; seconds: number; top: number },
): Dot[][] {
  const perSecond = (columns * DOTS_WIDE) / seconds
  const stretches: Dot[][] = [[]]
  rates.slice(-seconds).forEach((rate, i) => {
    if (rate === null) stretches.push([])
    else stretches.at(-1)?.push({ x: Math.floor((i + 0.5) * perSecond), y: dotsFromTop(rate, top, rows) })
  })
  return stretches.filter((dots) => dots.length > 0)
}

function dotsFromTop(rate: number, top: number, rows: number): number {
  const highest = rows * DOTS_HIGH - 1
  return Math.max(0, highest - Math.round((rate / top) * highest))
}

/** The frame of the plot: axes, the present rates in its upper edge, each chamber's number where its curve ends. */
export function ratePanel(
  rect: Rect,
  { chambers, shown, top }: { chambers: readonly ChamberView[]; shown: readonly number[]; top: number },
): Line[] {
  const { width: columns, height: rows } = plotArea(rect)
  const names = endNames(chambers, shown, rows, top)
  return framed(rect.width, rect.height, {
    title: shown.length === 1 ? `hits per second ${shown[0]}` : 'hits per second',
    ...(shown.length === 1 ? { ink: shown[0] } : {}),
    corners: [presentRates(chambers, shown, '  '), presentRates(chambers, shown, ' ')],
    foot: [
      span('─'.repeat(VALUE_AXIS_WIDTH - 1), 'faint'),
      span('┴', 'faint'),
      ...secondsEdge(columns + NAMES_WIDTH, columns),
    ],
    body: valueAxis(top, rows).map((axis, row) => {
      const name = names.get(row)
      const end: Line = name === undefined ? [] : [span(' '.repeat(columns + 1)), span(String(name), name)]
      return [...axis, ...end]
    }),
  })
}

function presentRates(chambers: readonly ChamberView[], shown: readonly number[], gap: string): Line {
  if (shown.every((chamber) => chambers[chamber].rate === undefined)) return []
  if (shown.length === 1) return [span(formatRate(chambers[shown[0]].rate ?? 0), 'strong')]
  return shown.flatMap((chamber, i): Span[] => {
    const { rate } = chambers[chamber]
    const text = rate === undefined ? '-' : formatCount(rate)
    return [span(i > 0 ? gap : ''), span(`${chamber} `, chamber), span(text, 'strong')]
  })
}

/** The row beside which each chamber's number stands: that of its present rate, moved where two would meet. */
function endNames(
  chambers: readonly ChamberView[],
  shown: readonly number[],
  rows: number,
  top: number,
): Map<number, number> {
  const ends = shown
    .map((chamber) => ({ chamber, rate: presentRate(chambers[chamber].rates) }))
    .filter((end): end is { chamber: number; rate: number } => end.rate !== undefined)
    .sort((a, b) => b.rate - a.rate)
  const names = new Map<number, number>()
  let next = 0
  ends.forEach(({ chamber, rate }, i) => {
    const own = Math.floor(dotsFromTop(rate, top, rows) / DOTS_HIGH)
    const row = Math.min(Math.max(own, next), rows - (ends.length - i))
    names.set(row, chamber)
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

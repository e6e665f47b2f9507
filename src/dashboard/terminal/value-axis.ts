import { niceTicks } from '../ticks.js'
import { type Line, span } from './text.js'
import { heightOf, type ValueScale } from './value-scale.js'

/** Columns of the axis of values at the left of a plot: a number of up to five characters and the axis itself. */
export const VALUE_AXIS_WIDTH = 6
const ROWS_PER_TICK = 2.5

/**
 * The axis of values, row by row from the top. The scale's top is written at the upper end; below it come round numbers, of a
 * logarithmic scale powers of ten with its low end at the lower edge. The lower edge of a linear scale is 0.
 */
export function valueAxis(scale: ValueScale, rows: number): Line[] {
  const labels = new Map<number, string>([[0, axisNumber(scale.top)]])
  const most = Math.max(2, Math.floor(rows / ROWS_PER_TICK))
  for (const tick of scale.log ? decades(scale, most) : niceTicks(0, scale.top, most)) {
    const row = rows - Math.max(scale.log ? 1 : 0, Math.ceil(heightOf(tick, scale) * rows))
    if (tick > 0 && row >= 2) labels.set(row, axisNumber(tick))
  }
  return Array.from({ length: rows }, (_, row) => {
    const label = labels.get(row)
    return label === undefined
      ? [span(' '.repeat(VALUE_AXIS_WIDTH - 1)), span('│', 'faint')]
      : [span(label.padStart(VALUE_AXIS_WIDTH - 1)), span('┤', 'faint')]
  })
}

/** Powers of ten from the low end up, at most `most + 1` of them. */
function decades({ low, top }: ValueScale, most: number): number[] {
  const first = Math.round(Math.log10(low))
  const last = Math.floor(Math.log10(top))
  const step = Math.max(1, Math.ceil((last - first) / most))
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (first + i * step))
}

/** `0.25`, `12`, `1.5k`, `12.3k`, `120M`: three digits, and never more than five characters up to 10^15. */
export function axisNumber(value: number): string {
  if (value < 1) return String(Number(value.toFixed(3)))
  const step = value < 999.5 ? 0 : Math.min(4, Math.floor(Math.log10(value * 1.0005) / 3))
  return `${Number((value / 1000 ** step).toPrecision(3))}${['', 'k', 'M', 'G', 'T'][step]}`
}

import { niceTicks } from '../ticks.js'
import { type Line, span } from './text.js'

/** Columns of the axis of values at the left of a plot: a number of up to five characters and the axis itself. */
export const VALUE_AXIS_WIDTH = 6
const ROWS_PER_TICK = 2.5

/**
 * The axis of values, row by row from the top. `top` is written at the upper end; between it and 0, which is the lower
 * edge, come round numbers.
 */
export function valueAxis(top: number, rows: number): Line[] {
  const labels = new Map<number, string>([[0, axisNumber(top)]])
  for (const tick of niceTicks(0, top, Math.max(2, Math.floor(rows / ROWS_PER_TICK)))) {
    const row = rows - Math.ceil((tick / top) * rows)
    if (tick > 0 && row >= 2) labels.set(row, axisNumber(tick))
  }
  return Array.from({ length: rows }, (_, row) => {
    const label = labels.get(row)
    return label === undefined
      ? [span(' '.repeat(VALUE_AXIS_WIDTH - 1)), span('│', 'faint')]
      : [span(label.padStart(VALUE_AXIS_WIDTH - 1)), span('┤', 'faint')]
  })
}

/** `0.25`, `12`, `1.5k`, `12.3k`, `120M`: three digits, and never more than five characters up to 10^15. */
export function axisNumber(value: number): string {
  if (value < 1) return String(Number(value.toFixed(3)))
  const step = value < 999.5 ? 0 : Math.min(4, Math.floor(Math.log10(value * 1.0005) / 3))
  return `${Number((value / 1000 ** step).toPrecision(3))}${['', 'k', 'M', 'G', 'T'][step]}`
}

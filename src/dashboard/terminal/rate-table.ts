import { formatCount } from '../../cli/numbers.js'
import type { Curve } from '../view.js'
import { capped, indented, tableLines } from './columns.js'
import { framed } from './frame.js'
import type { Rect } from './layout.js'
import type { NamedSeries } from './series.js'
import { type Line, span } from './text.js'

/** The curves beside a table: their rates at present, and the mean and the highest of the seconds that are seen. */
export function rateTable(
  { width, height }: Pick<Rect, 'width' | 'height'>,
  { series, seconds }: { series: readonly NamedSeries[]; seconds: number },
): Line[] {
  const seen = series.map(({ curve }) => rateRange(curve, seconds))
  const rates = (head: string, values: readonly (number | undefined)[]) => ({
    head,
    cells: values.map((value) => span(value === undefined ? '-' : formatCount(value))),
    align: 'right' as const,
  })
  const table = tableLines(
    [
      { head: '', cells: series.map(({ name, ink, words }) => span(label(name, words), ink)), align: 'left' },
      rates(
        'now',
        series.map(({ present }) => present),
      ),
      rates(
        'mean',
        seen.map(({ mean }) => mean),
      ),
      rates(
        'most',
        seen.map(({ most }) => most),
      ),
    ],
    width - 4,
  )
  return framed(width, height, { title: 'per second', body: indented(capped(table, height - 2)) })
}

/** `h hits`, `chamber 2` */
function label(name: string, words: string): string {
  return words.startsWith(name) ? `${name} ${words}` : `${words} ${name}`
}

function rateRange(curve: Curve, seconds: number): { mean: number | undefined; most: number | undefined } {
  const rates = curve.slice(-seconds).filter((rate) => rate !== null)
  if (rates.length === 0) return { mean: undefined, most: undefined }
  return {
    mean: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    most: rates.reduce((max, rate) => Math.max(max, rate), 0),
  }
}

import { fitted, type Line, type Span, span } from './text.js'

/** One column of a table, with a cell for each row. */
export interface Column {
  readonly head: string
  readonly cells: readonly Span[]
  readonly align: 'left' | 'right'
}

const GAP = 2

/** Columns beside each other below their heads; those at the end that do not fit are left away. */
export function tableLines(columns: readonly Column[], width: number): Line[] {
  const widths = columns.map(({ head, cells }) => Math.max(head.length, ...cells.map(({ text }) => text.length)))
  let left = width + GAP
  const fitting = columns.filter((_, i) => {
    left -= widths[i] + GAP
    return left >= 0
  })
  const line = (cellOf: (column: Column) => Span): Line =>
    fitting.flatMap((column, i) => padded(cellOf(column), widths[i], { align: column.align, first: i === 0 }))
  const rows = columns[0]?.cells.length ?? 0
  return [
    line(({ head }) => span(head, 'faint')),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row])),
  ]
}

/** The first rows of a list that has more of them than there is room for, and how many are left out. */
export function capped(lines: readonly Line[], rows: number): Line[] {
  if (lines.length <= rows) return [...lines]
  return [...lines.slice(0, rows - 1), [span(`${lines.length - rows + 1} more`, 'faint')]]
}

/** A margin of one column at the left. */
export function indented(lines: readonly Line[]): Line[] {
  return lines.map((line) => [span(' '), ...line])
}

function padded(
  { text, ink }: Span,
  width: number,
  { align, first }: { align: 'left' | 'right'; first: boolean },
): Line {
  const gap = span(' '.repeat(first ? 0 : GAP))
  return align === 'left'
    ? [gap, ...fitted([span(text, ink)], width)]
    : [gap, span(' '.repeat(width - text.length)), span(text, ink)]
}

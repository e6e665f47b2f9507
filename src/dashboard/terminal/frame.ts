import { fitted, type Ink, type Line, span, widthOf } from './text.js'

export interface FrameParts {
  readonly title: string
  readonly ink?: Ink
  /** at the right end of the upper edge; of several the first that fits, if any */
  readonly corners?: readonly Line[]
  /** the lower edge between its corners: exactly as wide as the frame less 2 */
  readonly foot?: Line
  readonly body: readonly Line[]
}

/** A box of lines around a body, with a title and further text in its edges. */
export function framed(width: number, height: number, parts: FrameParts): Line[] {
  const inner = width - 2
  const edge = span('│', 'faint')
  const body = Array.from({ length: height - 2 }, (_, row) => [edge, ...fitted(parts.body[row] ?? [], inner), edge])
  const foot = parts.foot ?? [span('─'.repeat(inner), 'faint')]
  return [upperEdge(inner, parts), ...body, [span('└', 'faint'), ...foot, span('┘', 'faint')]]
}

function upperEdge(inner: number, { title, ink = 'strong', corners = [] }: FrameParts): Line {
  const head = ` ${title} `.slice(0, inner - 1)
  const room = inner - 1 - head.length
  const corner = corners.find((line) => widthOf(line) > 0 && widthOf(line) + 2 <= room)
  const end: Line = corner ? [span(' '), ...corner, span(' ')] : []
  const rule = '─'.repeat(room - widthOf(end))
  return [span('┌─', 'faint'), span(head, ink), span(rule, 'faint'), ...end, span('┐', 'faint')]
}

/** A label of an axis and the column that its middle belongs to. */
export interface AxisLabel {
  readonly column: number
  readonly text: string
}

/**
 * An edge with numbers in it. A label that would stick out by a column is moved by it; one that would stick out further,
 * or touch the one before, is left away.
 */
export function labelledEdge(width: number, labels: readonly AxisLabel[]): Line {
  const out: Line[number][] = []
  let at = 0
  for (const { column, text } of labels) {
    const middle = column - ((text.length - 1) >> 1)
    const from = middle + text.length === width + 1 ? middle - 1 : middle
    if (from < at + (at > 0 ? 1 : 0) || from + text.length > width) continue
    out.push(span('─'.repeat(from - at), 'faint'), span(text))
    at = from + text.length
  }
  return [...out, span('─'.repeat(width - at), 'faint')]
}

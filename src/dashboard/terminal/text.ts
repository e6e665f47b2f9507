/** What a piece of text is, from which a palette makes its colour; a number is that chamber's colour. */
export type Ink = 'plain' | 'faint' | 'strong' | 'good' | 'warning' | 'alarm' | 'chosen' | number

export interface Span {
  readonly text: string
  readonly ink: Ink
}

/** One row of a screen, or a piece of one. */
export type Line = readonly Span[]

export function span(text: string, ink: Ink = 'plain'): Span {
  return { text, ink }
}

/** Characters; every one that is drawn here takes one column. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0)
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('')
}

/** Cuts a line, or fills it up with blanks, to exactly this width. */
export function fitted(line: Line, width: number): Line {
  const out: Span[] = []
  let left = width
  for (const { text, ink } of line) {
    if (left <= 0) break
    out.push(span(text.slice(0, left), ink))
    left -= text.length
  }
  return left > 0 ? [...out, span(' '.repeat(left))] : out
}

/** A line with `text` in its middle. */
export function centred(text: string, width: number, ink: Ink = 'plain'): Line {
  const cut = text.slice(0, width)
  return fitted([span(' '.repeat((width - cut.length) >> 1)), span(cut, ink)], width)
}

/** A text in lines of at most `width` characters, broken between words, and within one only where it is longer than a line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => one.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Control characters would move the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}

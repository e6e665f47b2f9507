/** A character of a screen, and how it is drawn. */
export interface Glyph {
  readonly char: string
  /** number of a terminal colour; undefined for the one that text has by itself */
  readonly colour: number | undefined
  readonly bold: boolean
  readonly inverse: boolean
}

/** What is on a screen, row by row; all rows are equally long. */
export type Picture = readonly (readonly Glyph[])[]

/** The rows of a screen as blessed keeps them: attributes and a character for each place. */
export type ScreenLines = readonly (readonly (readonly [attributes: number, char: string])[])[]

/** blessed packs attributes as flags (18 bits up), colour of the text (9 bits up), colour of the ground. */
const [FLAGS_SHIFT, COLOUR_SHIFT, COLOUR_MASK] = [18, 9, 0x1ff]
const [BOLD, INVERSE] = [1, 8]
const OWN_COLOUR = 0x1ff

export function pictureOf(lines: ScreenLines): Picture {
  return lines.map((line) =>
    line.map(([attributes, char]) => {
      const flags = attributes >> FLAGS_SHIFT
      const colour = (attributes >> COLOUR_SHIFT) & COLOUR_MASK
      return {
        char,
        colour: colour === OWN_COLOUR ? undefined : colour,
        bold: (flags & BOLD) !== 0,
        inverse: (flags & INVERSE) !== 0,
      }
    }),
  )
}

/** The characters alone, a line for each row, without the blanks at their ends. */
export function pictureText(picture: Picture): string {
  return picture
    .map(
      (row) =>
        `${row
          .map(({ char }) => char)
          .join('')
          .trimEnd()}\n`,
    )
    .join('')
}

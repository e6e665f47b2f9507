import type { Glyph, Picture } from './picture.js'

/** Size of a character in pixels, and of its text, for fonts as wide as DejaVu Sans Mono. */
const CELL = { width: 8, height: 16 }
const FONT_SIZE = 13.28
/** Where the line that letters stand on is, below the upper edge of their row. */
const BASE = 12
const MARGIN = CELL.width
const INK = '#d8dee9'
const GROUND = '#16181d'

/** A picture as SVG with its text as text. */
export function pictureSvg(picture: Picture, title: string): string {
  const width = (picture[0]?.length ?? 0) * CELL.width + 2 * MARGIN
  const height = picture.length * CELL.height + 2 * MARGIN
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
  const font = `font-family="'DejaVu Sans Mono', Menlo, monospace" font-size="${FONT_SIZE}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${GROUND}"/>`,
    ...picture.flatMap((row, at) => stretches(row).map((stretch) => drawn(stretch, MARGIN + at * CELL.height))),
    '</svg>',
    '',
  ].join('\n')
}

interface Stretch {
  column: number
  text: string
  glyph: Glyph
}

/** What stands beside each other and looks alike, braille by itself: fonts have it in a width of its own. */
function stretches(row: readonly Glyph[]): Stretch[] {
  const out: Stretch[] = []
  row.forEach((glyph, column) => {
    const last = out.at(-1)
    if (last && alike(last.glyph, glyph)) last.text += glyph.char
    else out.push({ column, text: glyph.char, glyph })
  })
  return out.filter(({ text, glyph }) => glyph.inverse || text.trim() !== '')
}

function alike(a: Glyph, b: Glyph): boolean {
  return a.colour === b.colour && a.bold === b.bold && a.inverse === b.inverse && isBraille(a) === isBraille(b)
}

function isBraille({ char }: Glyph): boolean {
  return char >= '\u2800' && char <= '\u28ff'
}

/** Whatever the font, every stretch is told how long it is. */
function drawn({ column, text, glyph }: Stretch, top: number): string {
  const [x, width] = [MARGIN + column * CELL.width, text.length * CELL.width]
  const ink = glyph.colour === undefined ? INK : rgbOf(glyph.colour)
  const ground = glyph.inverse
    ? `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${ink}"/>`
    : ''
  const look = `fill="${glyph.inverse ? GROUND : ink}"${glyph.bold ? ' font-weight="bold"' : ''}`
  const length = `textLength="${width}" lengthAdjust="spacingAndGlyphs"`
  return `${ground}<text x="${x}" y="${top + BASE}" ${length} ${look}>${escaped(text).replaceAll(' ', '\u00a0')}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const CUBE_LEVELS = [0, 95, 135, 175, 215, 255]

/**
 * The colour that a number from 16 to 255 stands for on every terminal, as `#rrggbb`: a cube of 6 x 6 x 6, and greys.
 * @throws RangeError below 16, where each terminal has colours of its own
 */
export function rgbOf(colour: number): string {
  if (colour < 16 || colour > 255) throw new RangeError(`${colour} is no colour of the cube`)
  const cube = colour - 16
  const grey = 8 + 10 * (colour - 232)
  const levels =
    colour >= 232
      ? [grey, grey, grey]
      : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((i) => CUBE_LEVELS[i])
  return `#${levels.map((level) => level.toString(16).padStart(2, '0')).join('')}`
}

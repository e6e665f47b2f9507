import type { Ink, Line } from './text.js'

/** How inks look on a terminal. Whatever a colour says, a shape, a letter or a word beside it says too. */
export interface Palette {
  /** without colours, differences have to show in shapes alone */
  readonly mono: boolean
  /** number of a terminal colour, or undefined for the one that text has by itself */
  colour(ink: Ink): number | undefined
  isBold(ink: Ink): boolean
  /** text and ground in each other's colour, which terminals without colours have too */
  isInverse(ink: Ink): boolean
}

interface Colours {
  /** in turn */
  readonly chambers: readonly number[]
  readonly good: number
  readonly warning: number
  readonly alarm: number
  readonly faint: number | undefined
}

/**
 * Of the colour cube of 256 colours, whose look no theme changes: sky blue, orange, bluish green and reddish purple as Okabe and
 * Ito have them (https://jfly.uni-koeln.de/color/), moved to where they are furthest apart, red included, for people who lack one
 * kind of cones.
 */
const CUBE: Colours = { chambers: [75, 179, 29, 164], good: 29, warning: 220, alarm: 196, faint: 244 }

const [RED, YELLOW, MAGENTA, CYAN, WHITE, GREY] = [1, 3, 5, 6, 7, 8]
/** Of the eight there are on every coloured terminal: neither green, which is as red to many, nor blue, which is hard to read on black. */
const EIGHT: Colours = {
  chambers: [CYAN, YELLOW, MAGENTA, WHITE],
  good: CYAN,
  warning: YELLOW,
  alarm: RED,
  faint: undefined,
}
const SIXTEEN: Colours = { ...EIGHT, faint: GREY }

/** @param colours how many the terminal has; fewer than 8 count as none */
export function createPalette(colours: number): Palette {
  const mono = colours < 8
  const { chambers, ...named } = colours < 16 ? EIGHT : colours < 256 ? SIXTEEN : CUBE
  const own = { plain: undefined, strong: undefined, chosen: undefined }
  const names: Record<Exclude<Ink, number>, number | undefined> = { ...own, ...named }
  return {
    mono,
    colour: (ink) => (mono ? undefined : typeof ink === 'number' ? chambers[ink % chambers.length] : names[ink]),
    isBold: (ink) => ink === 'strong' || (mono && (ink === 'alarm' || ink === 'warning')),
    isInverse: (ink) => ink === 'chosen',
  }
}

/** A line with the escape sequences of its inks, as few as there are changes of ink. */
export function painted(line: Line, palette: Palette): string {
  let out = ''
  for (let from = 0; from < line.length; ) {
    const { ink } = line[from]
    let text = ''
    for (; from < line.length && line[from].ink === ink; from++) text += line[from].text
    out += inInk(text, ink, palette)
  }
  return out
}

export function paintedLines(lines: readonly Line[], palette: Palette): string {
  return lines.map((line) => painted(line, palette)).join('\n')
}

function inInk(text: string, ink: Ink, palette: Palette): string {
  const colour = palette.colour(ink)
  const coloured = colour === undefined ? text : `\x1b[38;5;${colour}m${text}\x1b[39m`
  const bold = palette.isBold(ink) ? `\x1b[1m${coloured}\x1b[22m` : coloured
  return palette.isInverse(ink) ? `\x1b[7m${bold}\x1b[27m` : bold
}

import type { Ink, Line } from './text.js'

/** How inks look on a terminal: only its own sixteen colours are used, so that its theme holds. */
export interface Palette {
  /** without colours, differences have to show in shapes */
  readonly mono: boolean
  /** number of a terminal colour, or undefined for the one that text has by itself */
  colour(ink: Ink): number | undefined
  isBold(ink: Ink): boolean
}

const [RED, GREEN, YELLOW, MAGENTA, CYAN, WHITE, GREY] = [1, 2, 3, 5, 6, 7, 8]
/** Neither red, which warns, nor blue, which is hard to read on black. */
const CHAMBERS = [CYAN, YELLOW, MAGENTA, GREEN]

/** @param colours how many the terminal has; 0 or 2 for none */
export function createPalette(colours: number): Palette {
  const mono = colours < 8
  const names: Record<Exclude<Ink, number>, number | undefined> = {
    plain: undefined,
    strong: undefined,
    faint: colours < 16 ? WHITE : GREY,
    good: GREEN,
    warning: YELLOW,
    alarm: RED,
  }
  return {
    mono,
    colour: (ink) => (mono ? undefined : typeof ink === 'number' ? CHAMBERS[ink % CHAMBERS.length] : names[ink]),
    isBold: (ink) => ink === 'strong' || (mono && (ink === 'alarm' || ink === 'warning')),
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

function inInk(text: string, ink: Ink, palette: Palette): string {
  const colour = palette.colour(ink)
  const coloured = colour === undefined ? text : `\x1b[38;5;${colour}m${text}\x1b[39m`
  return palette.isBold(ink) ? `\x1b[1m${coloured}\x1b[22m` : coloured
}

import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
} from 'culori'
import { describe, expect, it } from 'vitest'
import { createPalette, type Palette, painted } from '../../../src/dashboard/terminal/palette.js'
import { rgbOf } from '../../../src/dashboard/terminal/picture-svg.js'
import { type Ink, type Line, span } from '../../../src/dashboard/terminal/text.js'

const line: Line = [span('a', 0), span('b', 0), span('c', 'strong'), span('d')]
const CHAMBERS: Ink[] = [0, 1, 2, 3]
const STATES: Ink[] = ['good', 'warning', 'alarm']

/** xterm's own first sixteen. */
const SIXTEEN = [
  ...['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5'],
  ...['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
]

/** How colours look to people with all cones, and to those who lack one kind of them (Machado, Oliveira and Fernandes, 2009). */
const EYES: Record<string, (colour: Color) => Color> = {
  trichromats: (colour) => colour,
  protanopes: filterDeficiencyProt(1),
  deuteranopes: filterDeficiencyDeuter(1),
  tritanopes: filterDeficiencyTrit(1),
}

function rgb(palette: Palette, ink: Ink): string {
  const colour = palette.colour(ink) ?? expect.fail(`${ink} has no colour`)
  return colour < 16 ? SIXTEEN[colour] : rgbOf(colour)
}

/** The least distance (CIEDE2000; 2 can be seen side by side) between any two of these inks. */
function leastDistance(inks: readonly Ink[], palette: Palette, eyes: (colour: Color) => Color): number {
  const distance = differenceCiede2000()
  const seen = inks.map((ink) => eyes(parse(rgb(palette, ink)) ?? expect.fail()))
  return Math.min(...seen.flatMap((a, i) => seen.slice(i + 1).map((b) => distance(a, b))))
}

describe('colours', () => {
  it.each(Object.entries(EYES))('are far apart to %s: chambers and alarms, and states', (_name, eyes) => {
    for (const [colours, least] of [
      [256, 19],
      [16, 14],
      [8, 14],
    ]) {
      const palette = createPalette(colours)
      expect(leastDistance([...CHAMBERS, 'alarm'], palette, eyes)).toBeGreaterThan(least)
      expect(leastDistance(STATES, palette, eyes)).toBeGreaterThan(least)
    }
  })

  it('are set once for neighbours that have the same', () => {
    expect(painted(line, createPalette(256))).toBe('\x1b[38;5;75mab\x1b[39m\x1b[1mc\x1b[22md')
    expect(painted(line, createPalette(16))).toBe('\x1b[38;5;6mab\x1b[39m\x1b[1mc\x1b[22md')
  })

  it.each([0, 2])('are none on a terminal of %i, and warnings are bold then', (colours) => {
    const mono = createPalette(colours)
    expect(painted(line, mono)).toBe('ab\x1b[1mc\x1b[22md')
    expect(painted([span('x', 'alarm')], mono)).toBe('\x1b[1mx\x1b[22m')
    expect(painted([span('x', 'chosen')], mono)).toBe('\x1b[7mx\x1b[27m')
  })

  it.each([8, 16])('are of the first %i where there are no more', (colours) => {
    const palette = createPalette(colours)
    for (const ink of ['faint', ...STATES, ...CHAMBERS] as const)
      expect(palette.colour(ink) ?? 0).toBeLessThan(colours + 1)
    if (colours === 8) expect(palette.colour('faint')).toBeUndefined()
  })
})

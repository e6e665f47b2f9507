import { framed } from './frame.js'
import { type Line, span } from './text.js'

const KEYS: [key: string, does: string][] = [
  ['q, Ctrl-C', 'leave'],
  ['p', 'pause: the screen stands still, counting goes on'],
  ['r', 'reset: counts start anew'],
  ['c', 'all counts, or those of the last 10, 60, 300 s'],
  ['1 to 9', 'chamber 0 to 8 large; the same key, 0 or Esc: back'],
  ['← →', 'the chamber before, the chamber after'],
  ['?', 'this help; any key closes it'],
]

const READING = [
  'Hits per second: when their rows were taken in. A curve ends',
  'with the last second that every lane has reported.',
  'Drift time: hits per bin, expected as a box from 0 to 390 ns.',
  'Occupancy: chambers as they stand, top layer on top. Shades go',
  'by the square root; · is a cell without a hit, and noisy is',
  'what counts 8 times as much as the cells around it.',
]

/** Large enough for the text, small enough for the smallest screen. */
export const HELP_SIZE = { width: 68, height: KEYS.length + READING.length + 5 }

export function helpPanel(): Line[] {
  const { width, height } = HELP_SIZE
  return framed(width, height, {
    title: 'help',
    body: [
      [],
      ...KEYS.map(([key, does]): Line => [span(`  ${key.padEnd(12)}`, 'strong'), span(does)]),
      [],
      ...READING.map((text): Line => [span(`  ${text}`)]),
    ],
  })
}

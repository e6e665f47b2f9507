import { framed } from './frame.js'
import { type Line, span } from './text.js'

const KEYS: [key: string, does: string][] = [
  ['o t h, Tab', 'overview, rates, health; Tab: the next page'],
  ['1 to 9', 'chamber 0 to 8; the same key, 0 or Esc: overview'],
  ['← →', 'the chamber before, the chamber after'],
  ['c', 'all counts, or those of the last 10, 60, 300 s'],
  ['s', 'all hits, or those of orbits with a scintillator signal'],
  ['l', 'logarithmic scales, or not'],
  ['↑ ↓, PgUp PgDn', 'scroll the alarms; so does the wheel'],
  ['p, r', 'pause: the screen stands still; reset: count anew'],
  ['q, Ctrl-C, ?', 'leave; this help, any key closes it'],
  ['mouse', 'click a key or a chamber; with Shift, select text'],
]

const READING = [
  'Hits per second: when their rows were taken in. A curve ends',
  'with the last second that every lane has reported.',
  'Drift time: hits per bin, expected as a box from 0 to 390 ns.',
  'Map: chambers as they stand, top layer on top. Shades go by the',
  'square root; · is a cell without a hit, x one that an alarm calls',
  'dead, # one that counts 8 times as much as those around it.',
]

/** Large enough for the text, small enough for the smallest screen. */
export const HELP_SIZE = { width: 76, height: KEYS.length + READING.length + 4 }

export function helpPanel(): Line[] {
  const { width, height } = HELP_SIZE
  return framed(width, height, {
    title: 'help',
    body: [
      ...KEYS.map(([key, does]): Line => [span(`  ${key.padEnd(16)}`, 'strong'), span(does)]),
      [],
      ...READING.map((text): Line => [span(`  ${text}`)]),
    ],
  })
}

import { describe, expect, it } from 'vitest'
import { createPalette, painted } from '../../../src/dashboard/terminal/palette.js'
import { type Line, span } from '../../../src/dashboard/terminal/text.js'

const line: Line = [span('a', 0), span('b', 0), span('c', 'strong'), span('d')]

describe('colours', () => {
  it('are those of the terminal, set once for neighbours that have the same', () => {
    expect(painted(line, createPalette(256))).toBe('\x1b[38;5;6mab\x1b[39m\x1b[1mc\x1b[22md')
  })

  it('are none where there are none, and warnings are bold then', () => {
    const mono = createPalette(0)
    expect(painted(line, mono)).toBe('ab\x1b[1mc\x1b[22md')
    expect(painted([span('x', 'alarm')], mono)).toBe('\x1b[1mx\x1b[22m')
  })

  it('are of the first 8 where there are no more', () => {
    const inks = ['faint', 'good', 'warning', 'alarm', 0, 1, 2, 3] as const
    for (const ink of inks) expect(createPalette(8).colour(ink)).toBeLessThan(8)
  })

  it('tell four chambers apart, and none of them is the one that warns', () => {
    const { colour } = createPalette(16)
    const used = [colour('alarm'), ...[0, 1, 2, 3].map((chamber) => colour(chamber))]
    expect(new Set(used).size).toBe(5)
  })
})

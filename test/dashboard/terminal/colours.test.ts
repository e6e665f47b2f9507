import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { coloursOf } from '../../../src/dashboard/terminal/colours.js'

/** A terminal that grants so many bits of colour. */
function terminal(bits: number): Writable {
  return Object.assign(new Writable(), { getColorDepth: () => bits })
}

describe('the number of colours', () => {
  it('is what both terminfo and the environment grant', () => {
    expect(coloursOf(terminal(8), 256, {})).toBe(256)
    expect(coloursOf(terminal(24), 256, {})).toBe(256)
    expect(coloursOf(terminal(4), 256, {})).toBe(16)
    expect(coloursOf(terminal(4), 8, {})).toBe(8)
    expect(coloursOf(terminal(8), undefined, {})).toBe(0)
    expect(coloursOf(terminal(8), -1, {})).toBe(0)
  })

  it('is that of terminfo where the output says nothing of itself', () => {
    expect(coloursOf(new Writable(), 256, {})).toBe(256)
  })

  it('is none under NO_COLOR, unless that is empty', () => {
    expect(coloursOf(terminal(8), 256, { NO_COLOR: '1' })).toBe(0)
    expect(coloursOf(terminal(8), 256, { NO_COLOR: '' })).toBe(256)
  })
})

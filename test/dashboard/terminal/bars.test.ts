import { describe, expect, it } from 'vitest'
import { keyBar, messageBar, titleBar } from '../../../src/dashboard/terminal/bars.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'

const live = { title: 'data_clean', state: 'live', window: 'cumulative', note: '' } as const

describe('the title line', () => {
  it('says what is looked at, how it stands and which counts are shown', () => {
    expect(textOf(titleBar(60, live))).toBe(' dtstream  data_clean                    ● live  cumulative ')
    expect(textOf(titleBar(60, { ...live, state: 'paused', window: 60 }))).toMatch(/■ paused {2}last 60 s $/)
    expect(textOf(titleBar(60, { ...live, state: 'waiting' }))).toMatch(/○ waiting for results {2}cumulative $/)
    expect(textOf(titleBar(80, { ...live, state: 'stale', note: 'chambers 0 to 3 of 6' }))).toMatch(/of 6.*○ stale/)
  })

  it('cuts what is too long and shows no control characters', () => {
    const long = textOf(titleBar(60, { ...live, title: 'x'.repeat(100) }))
    expect(long).toMatch(/^ dtstream {2}x+… ● live {2}cumulative $/)
    expect(long.length).toBe(60)
    expect(textOf(titleBar(60, { ...live, title: 'a\x1b[2Jb\n' }))).toContain('a?[2Jb?')
  })
})

describe('the last line', () => {
  it('has as many keys as fit', () => {
    const keys = [
      { key: 'q', does: 'quit' },
      { key: 'p', does: 'pause' },
    ]
    expect(textOf(keyBar(30, keys))).toBe(' q quit   p pause             ')
    expect(textOf(keyBar(12, keys))).toBe(' q quit     ')
  })

  it('has a message in their place', () => {
    expect(textOf(messageBar(20, 'gone\x07'))).toBe(' gone?              ')
  })
})

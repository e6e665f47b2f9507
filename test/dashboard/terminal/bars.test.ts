import { describe, expect, it } from 'vitest'
import { keyBar, messageLine, placedKeys, titleBar } from '../../../src/dashboard/terminal/bars.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import { alarm } from './made-up-health.js'

const live = { title: 'data_clean', alarms: [], state: 'live', window: 'cumulative', note: '' } as const

describe('the title line', () => {
  it('says what is looked at, how it stands and which counts are shown', () => {
    expect(textOf(titleBar(60, live))).toBe(' dtstream  data_clean         no alarms  ● live  cumulative ')
    expect(textOf(titleBar(60, { ...live, state: 'paused', window: 60 }))).toMatch(/■ paused {2}last 60 s $/)
    expect(textOf(titleBar(60, { ...live, state: 'waiting' }))).toMatch(/○ waiting for results {2}cumulative $/)
    expect(textOf(titleBar(90, { ...live, state: 'stale', note: 'chambers 0 to 3 of 6' }))).toMatch(/of 6.*○ stale/)
  })

  it('counts the alarms', () => {
    const bar = (alarms: number) => titleBar(80, { ...live, alarms: Array.from({ length: alarms }, () => alarm()) })
    expect(textOf(bar(1))).toContain('▲ 1 alarm  ●')
    expect(textOf(bar(12))).toContain('▲ 12 alarms  ●')
    expect(bar(12).find(({ text }) => text.includes('alarms'))?.ink).toBe('alarm')
  })

  it('cuts what is too long and shows no control characters', () => {
    const long = textOf(titleBar(60, { ...live, title: 'x'.repeat(100) }))
    expect(long).toMatch(/^ dtstream {2}x+… no alarms {2}● live {2}cumulative $/)
    expect(long.length).toBe(60)
    expect(textOf(titleBar(60, { ...live, title: 'a\x1b[2Jb\n' }))).toContain('a?[2Jb?')
  })
})

describe('the last line', () => {
  it('has as many keys as fit', () => {
    const keys = [
      { key: 'q', press: 'q', does: 'quit', chosen: true },
      { key: 'p', press: 'p', does: 'pause' },
    ]
    const bar = (width: number) => keyBar(width, placedKeys(width, keys))
    expect(textOf(bar(30))).toBe(' q quit  p pause              ')
    expect(textOf(bar(15))).toBe(' q quit        ')
    expect(bar(30).find(({ ink }) => ink === 'chosen')?.text).toBe('q quit')
    expect(placedKeys(30, keys).map(({ left, width }) => [left, width])).toEqual([
      [1, 6],
      [9, 7],
    ])
  })

  it('has a message in their place', () => {
    expect(textOf(messageLine('gone\x07'))).toBe(' gone?')
  })
})

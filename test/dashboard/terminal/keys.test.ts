import { describe, expect, it } from 'vitest'
import { type Choice, FIRST_CHOICE, press } from '../../../src/dashboard/terminal/keys.js'

const ROOM = { chambers: 4, scroll: 25 }

function pressed(keys: string[], chambers = 4, from: Choice = FIRST_CHOICE): Choice {
  return keys.reduce((choice, key) => press(choice, key, { ...ROOM, chambers }).choice, from)
}

describe('keys', () => {
  it('choose a page, or the next one, round and round', () => {
    expect(['o', 't', 'h'].map((key) => pressed([key]).page)).toEqual(['overview', 'rates', 'health'])
    expect([1, 2, 3, 4].map((times) => pressed(new Array<string>(times).fill('tab')).page)).toEqual([
      'chamber',
      'rates',
      'health',
      'overview',
    ])
    expect(pressed(['S-tab']).page).toBe('health')
    expect(pressed(['3', 'tab', 'S-tab'])).toMatchObject({ page: 'chamber', chamber: 2 })
  })

  it('choose a chamber, which the same key, 0 or Esc leaves again', () => {
    expect(pressed(['1'])).toMatchObject({ page: 'chamber', chamber: 0 })
    expect(pressed(['1', '3'])).toMatchObject({ page: 'chamber', chamber: 2 })
    for (const back of ['3', '0', 'escape']) expect(pressed(['3', back]).page).toBe('overview')
    expect(pressed(['3', 't', '3'])).toMatchObject({ page: 'chamber', chamber: 2 })
  })

  it('choose no chamber that is not there', () => {
    expect(pressed(['5'])).toBe(FIRST_CHOICE)
    expect(pressed(['5'], 16).chamber).toBe(4)
  })

  it('go to the chambers beside, round and round', () => {
    expect(pressed(['4', 'right']).chamber).toBe(0)
    expect(pressed(['1', 'left']).chamber).toBe(3)
    expect(pressed(['9', 'right', 'right'], 16).chamber).toBe(10)
    expect(pressed(['left'])).toBe(FIRST_CHOICE)
  })

  it('pause, change window, hits and scales, and open the help', () => {
    expect(pressed(['p']).paused).toBe(true)
    expect(pressed(['p', 'p']).paused).toBe(false)
    expect(pressed(['c']).window).toBe(10)
    expect(pressed(['c', 'c', 'c', 'c']).window).toBe('cumulative')
    expect(pressed(['s']).scintillator).toBe(true)
    expect(pressed(['l', 'l', 'l']).log).toBe(true)
    expect(pressed(['?']).help).toBe(true)
  })

  it('scroll the alarms, no further than there are any, and on their page only', () => {
    const scroll = (...keys: string[]) => pressed(['h', ...keys]).scroll
    expect([scroll('down'), scroll('down', 'down', 'up'), scroll('up'), scroll('pagedown')]).toEqual([1, 1, 0, 10])
    expect(scroll('pagedown', 'pagedown', 'pagedown')).toBe(25)
    expect(scroll('pagedown', 'pageup', 'pageup')).toBe(0)
    expect(pressed(['down'])).toBe(FIRST_CHOICE)
  })

  it('scroll from the end of the list where it has become shorter', () => {
    const far = pressed(['h', 'pagedown', 'pagedown'])
    expect(press(far, 'up', { chambers: 4, scroll: 5 }).choice.scroll).toBe(4)
    expect(press(far, 'down', { chambers: 4, scroll: 0 }).choice.scroll).toBe(0)
  })

  it('close the help, whichever it is, and do nothing else then', () => {
    for (const key of ['?', 'p', 'r', 'c', '1', 'escape', 'x', 'tab']) expect(pressed(['?', key])).toEqual(FIRST_CHOICE)
    expect(press(pressed(['?']), 'r', ROOM).effect).toBeUndefined()
  })

  it('leave, also from the help, and reset', () => {
    for (const choice of [FIRST_CHOICE, pressed(['?'])]) {
      expect(press(choice, 'q', ROOM).effect).toBe('quit')
      expect(press(choice, 'C-c', ROOM).effect).toBe('interrupt')
    }
    expect(press(FIRST_CHOICE, 'r', ROOM)).toEqual({ choice: FIRST_CHOICE, effect: 'reset' })
  })

  it('do nothing when nobody knows them', () => {
    for (const key of ['x', 'f1', 'up', '', 'C-p', 'constructor', 'o'])
      expect(press(FIRST_CHOICE, key, ROOM).choice).toBe(FIRST_CHOICE)
  })
})

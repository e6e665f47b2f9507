import { describe, expect, it } from 'vitest'
import { type Choice, FIRST_CHOICE, press } from '../../../src/dashboard/terminal/keys.js'

function pressed(keys: string[], chambers = 4, from: Choice = FIRST_CHOICE): Choice {
  return keys.reduce((choice, key) => press(choice, key, chambers).choice, from)
}

describe('keys', () => {
  it('choose a chamber, which the same key, 0 or Esc leaves again', () => {
    expect(pressed(['1']).large).toBe(0)
    expect(pressed(['1', '3']).large).toBe(2)
    for (const back of ['3', '0', 'escape']) expect(pressed(['3', back]).large).toBeUndefined()
  })

  it('choose no chamber that is not there', () => {
    expect(pressed(['5'])).toBe(FIRST_CHOICE)
    expect(pressed(['5'], 16).large).toBe(4)
  })

  it('go to the chambers beside, round and round', () => {
    expect(pressed(['4', 'right']).large).toBe(0)
    expect(pressed(['1', 'left']).large).toBe(3)
    expect(pressed(['9', 'right', 'right'], 16).large).toBe(10)
    expect(pressed(['left'])).toBe(FIRST_CHOICE)
  })

  it('pause, change the window and open the help', () => {
    expect(pressed(['p']).paused).toBe(true)
    expect(pressed(['p', 'p']).paused).toBe(false)
    expect(pressed(['c']).window).toBe(10)
    expect(pressed(['c', 'c', 'c', 'c']).window).toBe('cumulative')
    expect(pressed(['?']).help).toBe(true)
  })

  it('close the help, whichever it is, and do nothing else then', () => {
    for (const key of ['?', 'p', 'r', 'c', '1', 'escape', 'x']) expect(pressed(['?', key])).toEqual(FIRST_CHOICE)
    expect(press(pressed(['?']), 'r', 4).effect).toBeUndefined()
  })

  it('leave, also from the help, and reset', () => {
    for (const choice of [FIRST_CHOICE, pressed(['?'])]) {
      expect(press(choice, 'q', 4).effect).toBe('quit')
      expect(press(choice, 'C-c', 4).effect).toBe('interrupt')
    }
    expect(press(FIRST_CHOICE, 'r', 4)).toEqual({ choice: FIRST_CHOICE, effect: 'reset' })
  })

  it('do nothing when nobody knows them', () => {
    for (const key of ['x', 'f1', 'up', '', 'C-p']) expect(press(FIRST_CHOICE, key, 4).choice).toBe(FIRST_CHOICE)
  })
})

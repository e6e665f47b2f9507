import { expect, it } from 'vitest'
import { Clicks } from '../../../src/dashboard/terminal/clicks.js'

const at = (column: number, row: number) => ({ action: 'click', column, row }) as const

it('a click is as good as the key of the place it falls on, the uppermost of several', () => {
  const clicks = new Clicks()
  clicks.add({ left: 0, top: 0, width: 10, height: 5 }, 'o')
  clicks.add({ left: 2, top: 1, width: 3, height: 2 }, 'h')
  expect([at(0, 0), at(9, 4), at(2, 1), at(4, 2)].map((event) => clicks.keysOf(event))).toEqual([
    ['o'],
    ['o'],
    ['h'],
    ['h'],
  ])
  expect([at(10, 0), at(0, 5)].flatMap((event) => clicks.keysOf(event))).toEqual([])
  clicks.clear()
  expect(clicks.keysOf(at(0, 0))).toEqual([])
})

it('a step of the wheel is as good as three keys, wherever it is', () => {
  expect(new Clicks().keysOf({ action: 'wheel up', column: 0, row: 0 })).toEqual(['up', 'up', 'up'])
  expect(new Clicks().keysOf({ action: 'wheel down', column: 0, row: 0 })).toEqual(['down', 'down', 'down'])
})

import { expect, it } from 'vitest'
import { compareRows } from './raw-rows.js'

it.each([
  ['the same rows', ['a', 'b', 'b'], { lost: 0, doubled: 0, outOfOrder: 0 }],
  ['a row that is missing', ['a', 'b'], { lost: 1, doubled: 0, outOfOrder: 0 }],
  ['a row that came twice', ['a', 'b', 'b', 'a'], { lost: 0, doubled: 1, outOfOrder: 0 }],
  ['another row', ['a', 'b', 'c'], { lost: 1, doubled: 1, outOfOrder: 0 }],
  ['another order', ['b', 'a', 'b'], { lost: 0, doubled: 0, outOfOrder: 1 }],
])('sees %s', (_, found, outcome) => {
  expect(compareRows(['a', 'b', 'b'], found)).toEqual(outcome)
})

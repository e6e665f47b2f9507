import { describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import { cellPlaces } from '../../../../src/dashboard/web/page/plots/cell-places.js'
import { highestQuiet, hitsInWords } from '../../../../src/dashboard/web/page/plots/noise.js'
import { moment, probability, since, tickLabel } from '../../../../src/dashboard/web/page/words.js'
import { evenCells, T0 } from '../../made-up.js'

describe('numbers of the page', () => {
  it.each([
    [0, '0'],
    [0.5, '0.5'],
    [1, '1'],
    [10, '10'],
    [2500, '2500'],
    [10_000, '10 k'],
    [12_500, '12.5 k'],
    [100_000, '100 k'],
    [1_200_000, '1.2 M'],
    [2_000_000, '2 M'],
  ])('%d at a tick', (count, text) => {
    expect(tickLabel(count)).toBe(text)
  })

  it.each([
    [0.524, '0.52'],
    [0.0123, '0.012'],
    [3.2e-7, '3.2e-7'],
  ])('a probability of %d', (p, text) => {
    expect(probability(p)).toBe(text)
  })

  it('moments are in UTC, and say how long ago they are', () => {
    expect(moment(T0)).toBe('2026-03-01 12:00:00 UTC')
    expect(since(T0, T0 + 125_000)).toBe('since 12:00:00 UTC, 2 min 5 s')
  })
})

describe('hits of a chamber', () => {
  const cells = evenCells(50, { 30: 12_000 })

  it('name the cells that are noisy', () => {
    expect(hitsInWords(cells, DEFAULT_RUN)).toBe('15.2 k hits \u00b7 noisy: cell 30 (12.0 k)')
    expect(hitsInWords(evenCells(1), DEFAULT_RUN)).toBe('64 hits')
  })

  it('have a highest cell that is not noisy', () => {
    expect(highestQuiet(cells, DEFAULT_RUN)).toBe(50)
  })
})

it('cells stand as the run file says: the bottom layer first, every second one shifted by half a cell', () => {
  const { cell, wire, layer, x, z } = cellPlaces(DEFAULT_RUN)
  const of = (number: number) => cell.indexOf(number)
  expect([3, 1, 2, 0].map((first) => layer[of(first)])).toEqual([1, 2, 3, 4])
  expect([3, 1, 2, 0].map((first) => [x[of(first)], z[of(first)]])).toEqual([
    [-294, -19.5],
    [-315, -6.5],
    [-294, 6.5],
    [-315, 19.5],
  ])
  expect([wire[of(63)], x[of(63)]]).toEqual([15, -294 + 15 * 42])
  expect(new Set(cell).size).toBe(64)
})

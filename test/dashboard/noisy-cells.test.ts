import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellAt } from '../../src/core/run-file/cells.js'
import { CELLS, DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { noisyCells } from '../../src/dashboard/noisy-cells.js'
import { evenCells } from './made-up.js'

const { layers } = DEFAULT_RUN

describe('noisy cells', () => {
  it('are found among even ones, wherever they are', () => {
    fc.assert(
      fc.property(fc.nat(CELLS - 1), fc.integer({ min: 0, max: 5000 }), (cell, level) => {
        const noisy = noisyCells(evenCells(level, { [cell]: 20 * (level + 1) }), layers)
        expect([...noisy.keys()].filter((c) => noisy[c])).toEqual([cell])
      }),
    )
  })

  it('are none where illumination varies, however steeply, or only a few hits came', () => {
    const steep = Array.from({ length: CELLS }, (_, cell) => Math.round(2 ** (15 - Math.abs((cell >> 2) - 7))))
    expect(noisyCells(steep, layers)).not.toContain(true)
    expect(noisyCells(evenCells(0, { 9: 19 }), layers)).not.toContain(true)
    expect(noisyCells(evenCells(0, { 9: 20 }), layers)[9]).toBe(true)
  })

  it('are still found where two touch', () => {
    const [a, b] = [cellAt(layers, 1, 7), cellAt(layers, 1, 8)]
    const noisy = noisyCells(evenCells(10, { [a]: 900, [b]: 800 }), layers)
    expect([noisy[a], noisy[b], noisy.filter(Boolean).length]).toEqual([true, true, 2])
  })
})

describe('the cell of a wire', () => {
  it('is 4 times the wire, and from the bottom up 3, 1, 2, 0 more', () => {
    expect([0, 1, 2, 3].map((layer) => cellAt(layers, layer, 5))).toEqual([23, 21, 22, 20])
  })
})

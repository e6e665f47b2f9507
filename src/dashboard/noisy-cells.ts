import { cellsAround } from '../core/run-file/cells.js'
import type { Layer } from '../core/run-file/run-file.js'

/** How many times as many hits as its neighbours make a cell noisy, and how many hits it must have for that. */
const NOISY_RATIO = 8
const NOISY_HITS = 20

/**
 * The cells of a chamber that count far more hits than those around them. Illumination varies smoothly from cell to
 * cell, so what stands out against the median of its neighbours (8 inside, fewer at the edges) is noise.
 * @param cells hits by cell 0..63
 */
export function noisyCells(cells: readonly number[], layers: readonly Layer[]): boolean[] {
  return cellsAround(layers).map((around, cell) => {
    const usual = median(around.map((other) => cells[other]))
    return cells[cell] >= NOISY_HITS && cells[cell] > NOISY_RATIO * (usual + 1)
  })
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

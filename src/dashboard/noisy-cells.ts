import { CELLS, LAYERS, type Layer, WIRES } from '../core/run-file/run-file.js'

/** How many times as many hits as its neighbours make a cell noisy, and how many hits it must have for that. */
const NOISY_RATIO = 8
const NOISY_HITS = 20

/**
 * The cells of a chamber that count far more hits than those around them. Illumination varies smoothly from cell to
 * cell, so what stands out against the median of its neighbours (8 inside, fewer at the edges) is noise.
 * @param cells hits by cell 0..63
 */
export function noisyCells(cells: readonly number[], layers: readonly Layer[]): boolean[] {
  const noisy = new Array<boolean>(CELLS).fill(false)
  for (let layer = 0; layer < LAYERS; layer++) {
    for (let wire = 0; wire < WIRES; wire++) {
      const cell = cellAt(layers, layer, wire)
      const around = median(neighbours(layers, layer, wire).map((other) => cells[other]))
      noisy[cell] = cells[cell] >= NOISY_HITS && cells[cell] > NOISY_RATIO * (around + 1)
    }
  }
  return noisy
}

/** The cell of a wire in a layer (0 is the bottom one): c = 4 * wire + channel_mod_4. */
export function cellAt(layers: readonly Layer[], layer: number, wire: number): number {
  return LAYERS * wire + layers[layer].channel_mod_4
}

function neighbours(layers: readonly Layer[], layer: number, wire: number): number[] {
  const cells: number[] = []
  for (let l = Math.max(0, layer - 1); l <= Math.min(LAYERS - 1, layer + 1); l++)
    for (let w = Math.max(0, wire - 1); w <= Math.min(WIRES - 1, wire + 1); w++)
      if (l !== layer || w !== wire) cells.push(cellAt(layers, l, w))
  return cells
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

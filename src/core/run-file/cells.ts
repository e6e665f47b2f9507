import { CELLS, LAYERS, type Layer, WIRES } from './run-file.js'

/** The cell of a wire in a layer (0 is the bottom one): c = 4 * wire + channel_mod_4. */
export function cellAt(layers: readonly Layer[], layer: number, wire: number): number {
  return LAYERS * wire + layers[layer].channel_mod_4
}

/** By cell, the cells around it: those of the next wires in its layer and in the next layers, 8 inside, 3 in a corner. */
export function cellsAround(layers: readonly Layer[]): number[][] {
  const around: number[][] = Array.from({ length: CELLS }, () => [])
  for (let layer = 0; layer < LAYERS; layer++)
    for (let wire = 0; wire < WIRES; wire++) {
      const cells = around[cellAt(layers, layer, wire)]
      for (let l = Math.max(0, layer - 1); l <= Math.min(LAYERS - 1, layer + 1); l++)
        for (let w = Math.max(0, wire - 1); w <= Math.min(WIRES - 1, wire + 1); w++)
          if (l !== layer || w !== wire) cells.push(cellAt(layers, l, w))
    }
  return around
}

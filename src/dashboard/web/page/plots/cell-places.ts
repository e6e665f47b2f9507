import { cellAt } from '../../../../core/run-file/cells.js'
import { LAYERS, type RunFile, WIRES } from '../../../../core/run-file/run-file.js'

/** Where the cells of a chamber are, all as one array each: entry i of every array is of the same cell. */
export interface CellPlaces {
  /** 0..63 */
  readonly cell: number[]
  /** 0..15 */
  readonly wire: number[]
  /** from 1, the bottom one, to 4 */
  readonly layer: number[]
  /** position of the wire, in mm */
  readonly x: number[]
  /** height above the chamber's middle, in mm */
  readonly z: number[]
}

/** The cells, layer by layer from the bottom up. */
export function cellPlaces({ layers, cell }: RunFile): CellPlaces {
  const places = {
    cell: [] as number[],
    wire: [] as number[],
    layer: [] as number[],
    x: [] as number[],
    z: [] as number[],
  }
  for (let layer = 0; layer < LAYERS; layer++) {
    for (let wire = 0; wire < WIRES; wire++) {
      places.cell.push(cellAt(layers, layer, wire))
      places.wire.push(wire)
      places.layer.push(layer + 1)
      places.x.push(layers[layer].first_wire_mm + wire * cell.width_mm)
      places.z.push(layers[layer].z_mm)
    }
  }
  return places
}

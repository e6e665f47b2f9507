import { heightOf, type ValueScale } from './value-scale.js'

/** Dots of a braille character, from the bottom up, in its left and its right column. */
const DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
]
const BRAILLE = 0x2800
const DOTS_HIGH = 4

/**
 * The mean count per bin in each of `columns` equal stretches of a histogram; bins on a boundary are shared out. Lengths
 * are in parts of which a bin has `columns` and a column as many as there are bins, so that they are whole numbers.
 */
export function rebinned(counts: ArrayLike<number>, columns: number): Float64Array {
  const out = new Float64Array(columns)
  const bins = counts.length
  for (let column = 0; column < columns; column++) {
    const [from, to] = [column * bins, (column + 1) * bins]
    let sum = 0
    for (let bin = Math.floor(from / columns); bin * columns < to; bin++)
      sum += counts[bin] * (Math.min(to, (bin + 1) * columns) - Math.max(from, bin * columns))
    out[column] = sum / bins
  }
  return out
}

/** Filled bars, two to a character and four levels to its height, the upper row first; whatever is above 0 shows at least one dot. */
export function brailleBars(values: ArrayLike<number>, scale: ValueScale, rows: number): string[] {
  const width = Math.ceil(values.length / 2)
  const cells = new Uint8Array(width * rows)
  for (let x = 0; x < values.length; x++) {
    const level = values[x] > 0 ? Math.max(1, Math.round(heightOf(values[x], scale) * rows * DOTS_HIGH)) : 0
    for (let y = 0; y < Math.min(level, rows * DOTS_HIGH); y++)
      cells[(rows - 1 - (y >> 2)) * width + (x >> 1)] |= DOTS[x & 1][y & 3]
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from(cells.subarray(row * width, (row + 1) * width), (dots) =>
      dots === 0 ? ' ' : String.fromCharCode(BRAILLE + dots),
    ).join(''),
  )
}

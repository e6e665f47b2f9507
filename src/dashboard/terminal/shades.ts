/** A cell without a hit. */
export const EMPTY = '·'
export const SHADES = ['░', '▒', '▓', '█']

/** The shade of a cell's count, by its square root or its logarithm; 0 hits are a dot. */
export function shadeOf(count: number, top: number, log: boolean): string {
  if (count === 0) return EMPTY
  const height = log ? Math.log(count) / Math.log(Math.max(2, top)) : Math.sqrt(count / top)
  return SHADES[Math.min(SHADES.length, Math.max(1, Math.ceil(SHADES.length * height - 1e-9))) - 1]
}

/** The least count that has a shade, or a darker one. */
export function leastOf(shade: number, top: number, log: boolean): number {
  const part = shade / SHADES.length
  const bound = log ? Math.max(2, top) ** part : top * part ** 2
  return shade === 0 ? 1 : Math.floor(bound * (1 + 1e-9)) + 1
}

import { formatCount, plural } from '../../../../cli/numbers.js'
import type { RunFile } from '../../../../core/run-file/run-file.js'
import { noisyCells } from '../../../noisy-cells.js'

/** How many noisy cells are named. */
const NAMED = 3

/** The hits of the cell with the most of those that are not noisy: one that is would flatten all others. */
export function highestQuiet(cells: readonly number[], { layers }: RunFile): number {
  const noisy = noisyCells(cells, layers)
  return Math.max(0, ...cells.filter((_, cell) => !noisy[cell]))
}

/** `38.1 k hits · noisy: cell 2 (11.8 k)` */
export function hitsInWords(cells: readonly number[], { layers }: RunFile): string {
  const hits = plural(
    cells.reduce((sum, count) => sum + count, 0),
    'hit',
  )
  const isNoisy = noisyCells(cells, layers)
  const noisy = [...isNoisy.keys()].filter((cell) => isNoisy[cell])
  if (noisy.length === 0) return hits
  const named = noisy.slice(0, NAMED).map((cell) => `cell ${cell} (${formatCount(cells[cell])})`)
  return `${hits} \u00b7 noisy: ${named.join(', ')}${noisy.length > NAMED ? ' \u2026' : ''}`
}

import { addSparse } from '../core/results/add-sparse.js'
import type { SparseCounts } from '../core/results/result.js'
import { CELLS } from '../core/run-file/run-file.js'

/**
 * Cells are expected to have at least this part of what a quarter of the chamber's cells have or exceed, also where all around
 * them are dead.
 */
const LEAST_PART = 0.25
/**
 * A window is over when so many hits are expected in each cell (43 suffice to call one without hits dead at 6 sigma), or so
 * many in one, where most of the chamber is dark.
 */
const FULL = 50
const MOST = 1000

/** What a cell has counted, and what it should have. */
export interface CellCounts {
  readonly hits: number
  /** the median of the cells around it */
  readonly expected: number
  /** how many cells that is the median of */
  readonly cells: number
}

/**
 * The hits of a chamber's cells in a window, which ends when enough hits are expected in each. Expected is the median of the
 * cells around, so that a few dead or hot ones among them make no difference, as illumination changes smoothly from cell to
 * cell.
 */
export class CellWindow {
  private readonly hits = new Float64Array(CELLS)

  /** @param around by cell, the cells around it */
  constructor(
    private readonly firstChannel: number,
    private readonly around: readonly (readonly number[])[],
  ) {}

  add(channels: SparseCounts): void {
    addSparse(this.hits, channels, (channel) => channel - this.firstChannel)
  }

  /** By cell. */
  counts(): CellCounts[] {
    const least = LEAST_PART * this.hits.slice().sort()[(3 * CELLS) / 4]
    return this.around.map((cells, cell) => {
      const near = median(Float64Array.from(cells, (other) => this.hits[other]))
      return { hits: this.hits[cell], expected: Math.max(near, least), cells: cells.length }
    })
  }

  restart(): void {
    this.hits.fill(0)
  }
}

export function isFull(counts: readonly CellCounts[]): boolean {
  return counts.every(({ expected }) => expected >= FULL) || counts.some(({ expected }) => expected >= MOST)
}

/** The upper of the two in the middle of an even number. Sorts. */
function median(values: Float64Array): number {
  return values.sort()[values.length >> 1]
}

import type { Bins } from './box-model.js'

/** Bins that are averaged, so that an edge is not taken for a fluctuation. */
const SMOOTHED = 5

/** Where a box in a histogram begins and ends, roughly, in ns, and how high it is and what is beside it, in entries per ns. */
export interface RoughBox {
  readonly t0: number
  readonly end: number
  readonly height: number
  readonly background: number
}

/** The edges are where the counts first and last pass half the box's height; undefined without counts. */
export function roughBox({ low, width, bins }: Bins, counts: Float64Array): RoughBox | undefined {
  const smooth = smoothed(counts)
  const highest = Math.max(...smooth)
  if (!(highest > 0)) return undefined
  // a peak may stand on the box, and must not be taken for its top
  const top = median([...smooth].filter((count) => count > highest / 4))
  const isInside = (count: number) => count > top / 2
  const [first, last] = [smooth.findIndex(isInside), smooth.findLastIndex(isInside)]
  const beside = counts.filter((_, bin) => bin < first - SMOOTHED || bin > last + SMOOTHED)
  const background = beside.length > 0 ? beside.reduce((sum, count) => sum + count, 0) / beside.length : 0
  return {
    t0: low + first * width,
    end: low + Math.min(bins, last + 1) * width,
    height: Math.max(top - background, top / 10) / width,
    background: background / width,
  }
}

function smoothed(counts: Float64Array): Float64Array {
  const half = SMOOTHED >> 1
  return counts.map((_, bin) => {
    const around = counts.subarray(Math.max(0, bin - half), bin + half + 1)
    return around.reduce((sum, count) => sum + count, 0) / around.length
  })
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

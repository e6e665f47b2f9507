import { CLEAR_PROBABILITY } from '../check.js'
import { binomialAtLeast, binomialAtMost } from '../statistics/tails.js'
import type { CellQuestion } from './cells.js'

/** A cell without fault may have so many times the hits of the cells around it: illumination is not flat. */
const UNEVENNESS = 2
/** An alarm ends only this far below the limit. */
const BACK = 0.5

/** Has a cell more than `above` times the hits around it? Tested as for dead cells, from the other side. */
export function hotCells(above: number, probability: number): CellQuestion {
  return {
    kind: 'hot-cell',
    word: 'hot',
    limit: ({ expected }) => above * expected,
    isCrossed: ({ hits, expected, cells }) =>
      hits > above * expected &&
      binomialAtLeast(hits, hits + cells * expected, UNEVENNESS / (UNEVENNESS + cells)) < probability,
    isKept: ({ hits, expected, cells }) =>
      hits <= BACK * above * expected &&
      binomialAtMost(hits, hits + cells * expected, above / (above + cells)) < CLEAR_PROBABILITY,
  }
}

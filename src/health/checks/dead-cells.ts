import { CLEAR_PROBABILITY } from '../check.js'
import { binomialAtLeast, binomialAtMost } from '../statistics/tails.js'
import type { CellQuestion } from './cells.js'

/** A cell without fault may have as little as this part of what the cells around it have: illumination is not flat. */
const UNEVENNESS = 0.5
/** An alarm ends only so many times above the limit. */
const BACK = 2

/**
 * Has a cell less than the part `below` of the hits around it? That is so when its hits are less than that, and too few by
 * chance even for a cell of half the illumination: of all hits in it and in k cells with the expected number each, a cell
 * with the part u has its own with the probability u / (u + k) (the binomial comparison of two Poisson means: Przyborowski
 * and Wilenski, Biometrika 31 (1940) 313).
 */
export function deadCells(below: number, probability: number): CellQuestion {
  return {
    kind: 'dead-cell',
    word: 'dead',
    limit: ({ expected }) => below * expected,
    isCrossed: ({ hits, expected, cells }) =>
      hits < below * expected &&
      binomialAtMost(hits, hits + cells * expected, UNEVENNESS / (UNEVENNESS + cells)) < probability,
    isKept: ({ hits, expected, cells }) =>
      hits >= BACK * below * expected &&
      binomialAtLeast(hits, hits + cells * expected, below / (below + cells)) < CLEAR_PROBABILITY,
  }
}

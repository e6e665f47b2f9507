import { absurdIslands, areApart, fateOf, orbitsOf } from './absurd-orbits.js'
import { type Disorder, disorderIn, type Island, islandsOf, type RunOrder, runOrder } from './block-order.js'
import { blockWidth, type OrbitBlocks } from './orbit-blocks.js'

/** How hits are joined by orbit number alone, so that the outcome is the core's. Orbits as on the wire. */
export interface OrbitsToJoin {
  /** lowest orbit of the run: whatever is below has wrapped */
  firstOrbit: number
  /** highest orbit that the time came to; null where there was none */
  lastOrbit: number | null
  /** absurd orbits, whose hits count as late */
  lateOrbits: number[]
}

export type Verdict = OrbitsToJoin | { disorder: Disorder | { why: 'absurd'; place: number } }

/**
 * Whether the hits of a source can be joined by orbit number: each number is one orbit, and no row comes after its orbit
 * has closed. Decided by blocks alone; where they do not tell for certain it is not.
 */
export function judgeOrbits(blocks: OrbitBlocks, grace: number): Verdict {
  if (blocks.block.length === 0) return { firstOrbit: 0, lastOrbit: null, lateOrbits: [] }
  const islands = islandsOf(blocks, grace)
  const order = runOrder(blocks, islands, grace)
  const disorder = disorderIn(blocks, order, grace)
  if (!disorder) return joined(blocks, order, [], grace)
  const absurd = absurdIslands(blocks, islands, grace)
  return absurd.length === 0 ? { disorder } : judgeWithout(absurd, blocks, islands, grace)
}

function judgeWithout(absurd: Island[], blocks: OrbitBlocks, islands: readonly Island[], grace: number): Verdict {
  const sane = islands.filter((island) => !absurd.includes(island))
  const order = runOrder(blocks, sane, grace)
  const disorder = disorderIn(blocks, order, grace)
  if (disorder) return { disorder }
  const fates = absurd.map((island) => fateOf(blocks, order, island, grace))
  const unclear = areApart(blocks, order, absurd) ? absurd[fates.indexOf(undefined)] : absurd[0]
  if (unclear) return { disorder: { why: 'absurd', place: blocks.first[unclear.from] } }
  const late = absurd.filter((_, i) => fates[i] === 'late')
  return joined(blocks, order, late, grace)
}

function joined(blocks: OrbitBlocks, { index, counted }: RunOrder, late: Island[], grace: number): OrbitsToJoin {
  return {
    firstOrbit: counted[0] * blockWidth(grace),
    lastOrbit: blocks.high[index[index.length - 1]],
    lateOrbits: late.flatMap((island) => orbitsOf(blocks, island)),
  }
}

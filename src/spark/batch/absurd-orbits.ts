import { blocksWithin, type Island, isJoined, type RunOrder } from './block-order.js'
import type { OrbitBlocks } from './orbit-blocks.js'

/** As many strays as a lane keeps at once. */
const MOST = 64
/** The time steps from block to block without a leap: two blocks are no more than `OrbitClock` reaches. */
const STEP = 1

/** What the core makes of an absurd orbit: its hits count as late, or, where the time does not pass it, as an orbit. */
export type Fate = 'late' | 'orbit'

/** Islands of one or two orbits, which move no time; none where there are too many of them, or nothing else. */
export function absurdIslands(blocks: OrbitBlocks, islands: readonly Island[], grace: number): Island[] {
  const joined = isJoined(blocks, grace) ? [islands[0], islands[islands.length - 1]] : []
  const absurd = islands.filter((island) => isAbsurd(blocks, island) && !joined.includes(island))
  return absurd.length > MOST || absurd.length === islands.length ? [] : absurd
}

function isAbsurd({ low, high, hits, scintillator }: OrbitBlocks, { from, to }: Island): boolean {
  if (to - from === 1) return low[from] === high[from] || hits[from] + scintillator[from] === 2
  return to - from === 2 && low[from] === high[from] && low[from + 1] === high[from + 1]
}

/** The orbits of an absurd island. */
export function orbitsOf({ low, high }: OrbitBlocks, { from, to }: Island): number[] {
  return [...new Set([low[from], high[to - 1]])]
}

/**
 * What becomes of the hits of an absurd island, in a run that is in order without it; undefined where that hangs on more
 * than blocks tell. For certain it is late where the time goes on without a leap from a grace before its rows to a grace
 * after them, and an orbit where the source ends so soon that the time cannot have passed it.
 */
export function fateOf(blocks: OrbitBlocks, order: RunOrder, island: Island, grace: number): Fate | undefined {
  const within = blocksWithin(grace)
  const [first, last] = placesOf(blocks, island)
  const { counted } = order
  const [before, after] = [first, last].map((place) => timeAt(blocks, order, place))
  const end = counted[counted.length - 1]
  const passed = after + within + 3
  if (!goesOn(counted, before - within - 1, Math.min(end, passed))) return undefined
  if (end >= passed) return 'late'
  return end < before + within ? 'orbit' : undefined
}

/** Whether a row in order lies between each two of the islands, so that no three absurd rows follow each other. */
export function areApart(blocks: OrbitBlocks, order: RunOrder, islands: readonly Island[]): boolean {
  const places = islands.map((island) => placesOf(blocks, island)).sort(([a], [b]) => a - b)
  return places.every(([first], i) => i === 0 || isRowWithin(blocks, order, places[i - 1][1], first))
}

/** Places of the first and the last row. */
function placesOf({ first, last }: OrbitBlocks, { from, to }: Island): [number, number] {
  return [Math.min(...first.slice(from, to)), Math.max(...last.slice(from, to))]
}

/** The highest block before a place. */
function timeAt({ first }: OrbitBlocks, { index, counted }: RunOrder, place: number): number {
  const k = index.findLastIndex((i) => first[i] < place)
  return k < 0 ? Number.NEGATIVE_INFINITY : counted[k]
}

function goesOn(counted: readonly number[], from: number, to: number): boolean {
  const start = counted.findLastIndex((number) => number <= from)
  for (let k = start; counted[k] < to; k++) if (k < 0 || counted[k + 1] - counted[k] > STEP) return false
  return start >= 0
}

function isRowWithin({ first, last }: OrbitBlocks, { index }: RunOrder, from: number, to: number): boolean {
  return index.some((i) => [first[i], last[i]].some((place) => from < place && place < to))
}

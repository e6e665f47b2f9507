import { NEAR } from '../../core/orbits/orbit-clock.js'
import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { blockWidth, type OrbitBlocks } from './orbit-blocks.js'

/** A leap ahead by as much cannot be told from one back. */
const HALF_CYCLE = 2 ** 31
/** Where rows are far apart the time follows them some orbits behind, and by some at once. */
const LAG = 4

/** Blocks without a great gap between them: indices of blocks, `to` excluded. */
export interface Island {
  from: number
  to: number
}

/** A row that is not where it should be, by its place. */
export interface Disorder {
  why: 'behind' | 'gap'
  place: number
}

/** The islands of the counter's cycle, ascending; where the last goes on in the first they are two all the same. */
export function islandsOf({ block }: OrbitBlocks, grace: number): Island[] {
  const greatest = NEAR / blockWidth(grace)
  const islands: Island[] = []
  block.forEach((number, i) => {
    if (i === 0 || number - block[i - 1] > greatest) islands.push({ from: i, to: i })
    islands[islands.length - 1].to = i + 1
  })
  return islands
}

/** Whether the last island goes on in the first, through the counter's wrap. */
export function isJoined({ block }: OrbitBlocks, grace: number): boolean {
  const width = blockWidth(grace)
  return block[0] + ORBIT_CYCLE / width - block[block.length - 1] <= NEAR / width
}

/** Blocks in the order of the run: indices, and the number of each counted on through the counter's wrap. */
export interface RunOrder {
  index: number[]
  counted: number[]
}

/** The order of a run that begins in the island of the earliest row. */
export function runOrder(blocks: OrbitBlocks, islands: readonly Island[], grace: number): RunOrder {
  const earliest = ({ from, to }: Island) => leastOf(blocks.first, from, to)
  const starts = islands.map(earliest)
  let start = starts.indexOf(leastOf(starts, 0, starts.length))
  const [head, tail] = [islands[0], islands[islands.length - 1]]
  const goesRound = head.from === 0 && tail.to === blocks.block.length && isJoined(blocks, grace)
  if (start === 0 && goesRound) start = islands.length - 1
  const cycle = ORBIT_CYCLE / blockWidth(grace)
  const order: RunOrder = { index: [], counted: [] }
  for (let k = 0; k < islands.length; k++) {
    const isRound = start + k >= islands.length
    const { from, to } = islands[(start + k) % islands.length]
    for (let i = from; i < to; i++) {
      order.index.push(i)
      order.counted.push(blocks.block[i] + (isRound ? cycle : 0))
    }
  }
  return order
}

/**
 * The first row that comes when the time may have passed its orbit by the grace, or that follows a gap which looks like a
 * restart of the counter; undefined where there is none, so that orbits of one number are one orbit.
 */
export function disorderIn(blocks: OrbitBlocks, order: RunOrder, grace: number): Disorder | undefined {
  return gapIn(blocks, order, grace) ?? rowBehind(blocks, order, grace)
}

function gapIn({ first }: OrbitBlocks, { index, counted }: RunOrder, grace: number): Disorder | undefined {
  const width = blockWidth(grace)
  for (let k = 1; k < index.length; k++) {
    const to = Math.min(k + LAG, index.length - 1)
    const leap = (counted[to] - counted[Math.max(0, k - LAG)] + 1) * width
    const isWrap = index[k] < index[k - 1]
    if (leap >= HALF_CYCLE || (isWrap && leap > NEAR)) return { why: 'gap', place: first[index[k]] }
  }
  return undefined
}

function rowBehind({ first, last }: OrbitBlocks, { index, counted }: RunOrder, grace: number): Disorder | undefined {
  const within = blocksWithin(grace)
  let place = Number.POSITIVE_INFINITY
  // of the blocks that are ahead of block k by more than the grace may be: their earliest row
  let ahead = Number.POSITIVE_INFINITY
  let next = index.length - 1
  for (let k = index.length - 1; k >= 0; k--) {
    for (; counted[next] > counted[k] + within; next--) ahead = Math.min(ahead, first[index[next]])
    const i = index[k]
    if (last[i] > ahead) place = Math.min(place, first[i] > ahead ? first[i] : last[i])
  }
  return place === Number.POSITIVE_INFINITY ? undefined : { why: 'behind', place }
}

/** Rows whose blocks differ by no more than this differ by less than the grace. */
export function blocksWithin(grace: number): number {
  return Math.floor(grace / blockWidth(grace)) - 1
}

function leastOf(values: readonly number[], from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = from; i < to; i++) if (values[i] < least) least = values[i]
  return least
}

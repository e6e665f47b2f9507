/** Blocks that a grace holds at least: what rows may be out of order by is known to one of them. */
const BLOCKS_A_GRACE = 4

/**
 * In which blocks of orbits a source has hits and scintillator signals, as on the wire: columns of one length, blocks
 * ascending. A place is a number that grows from row to row through all files.
 */
export interface OrbitBlocks {
  /** orbit DIV width */
  block: number[]
  /** places of the first and the last row in it */
  first: number[]
  last: number[]
  /** orbits: the lowest and the highest that occur in it */
  low: number[]
  high: number[]
  /** rows */
  hits: number[]
  scintillator: number[]
}

/** Orbits in a block: a power of two, so that the counter's cycle is a whole number of blocks. */
export function blockWidth(grace: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(grace / BLOCKS_A_GRACE)))
}

export function noBlocks(): OrbitBlocks {
  return { block: [], first: [], last: [], low: [], high: [], hits: [], scintillator: [] }
}

/** Adds what a piece of the source has in a block; pieces come by ascending block. */
export function addBlock(blocks: OrbitBlocks, piece: { [column in keyof OrbitBlocks]: number }): void {
  const end = blocks.block.length - 1
  if (end < 0 || blocks.block[end] !== piece.block) {
    for (const column of Object.keys(blocks) as (keyof OrbitBlocks)[]) blocks[column].push(piece[column])
    return
  }
  blocks.first[end] = Math.min(blocks.first[end], piece.first)
  blocks.last[end] = Math.max(blocks.last[end], piece.last)
  blocks.low[end] = Math.min(blocks.low[end], piece.low)
  blocks.high[end] = Math.max(blocks.high[end], piece.high)
  blocks.hits[end] += piece.hits
  blocks.scintillator[end] += piece.scintillator
}

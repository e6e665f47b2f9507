import fc from 'fast-check'
import { type StreamRow, seeded, shuffledWithin, stream } from './stream.js'

/** How a producer that has no key spreads rows over partitions. */
export type Spread = 'round robin' | 'random' | 'sticky' | 'one' | 'by FPGA'
export const SPREADS: readonly Spread[] = ['round robin', 'random', 'sticky', 'one', 'by FPGA']

/** Which partition each row goes to. */
export function spreadOver(rows: readonly StreamRow[], partitions: number, how: Spread, seed: number): number[] {
  const random = seeded(seed)
  const any = () => Math.floor(random() * partitions)
  let stuck = any()
  return rows.map(({ text }, i) => {
    if (how === 'round robin') return i % partitions
    if (how === 'random') return any()
    if (how === 'by FPGA') return Number(text.split(',')[1]) % partitions
    if (how === 'sticky' && random() < 0.01) stuck = any()
    return stuck
  })
}

export interface Content {
  seed: number
  grace: number
  partitions: number
  orbits: number
  mostApart: number
  start: number
  runs: number
  how: Spread
}

/** Streams with rows out of order within the grace, with restarts and wraps of the orbit counter. */
export const anyContent: fc.Arbitrary<Content> = fc.record({
  seed: fc.nat(),
  grace: fc.constantFrom(1, 64, 1000, 2048),
  partitions: fc.integer({ min: 2, max: 5 }),
  orbits: fc.constantFrom(20, 300, 1500),
  mostApart: fc.constantFrom(1, 30, 300),
  start: fc.oneof(fc.constantFrom(2 ** 32 - 500, 3_387_200_947), fc.nat(2 ** 32 - 1)),
  runs: fc.constantFrom(1, 1, 2, 3),
  how: fc.constantFrom(...SPREADS),
})

/** The rows in the order in which the detector gave them. */
export function rowsOf({ seed, grace, orbits, mostApart, start, runs }: Content): StreamRow[] {
  return Array.from({ length: runs }, (_, run) => {
    // a run that begins anew begins far from all before it, also from one that went on beyond a wrap
    const first = run === 0 ? (runs === 1 ? start : Math.max(start, 2 ** 31)) : (runs - run) * 4_000_000
    return shuffledWithin(grace, stream({ seed: seed + run, orbits, start: first, mostApart, run }), seed + run)
  }).flat()
}

import fc from 'fast-check'
import type { HitDraft, OrbitDraft, ResultDraft } from '../../support/results.js'

export const BINS = 260

const anyHit: fc.Arbitrary<HitDraft> = fc.record({
  chamber: fc.nat(3),
  cell: fc.nat(63),
  bin: fc.integer({ min: -1, max: BINS }),
})

/** What a result counts, hit by hit. */
export const anyDraft: fc.Arbitrary<ResultDraft> = fc.record({
  orbits: fc
    .array(fc.record({ scintillator: fc.boolean(), hits: fc.array(anyHit, { minLength: 1, maxLength: 40 }) }), {
      maxLength: 30,
    })
    .map((orbits): OrbitDraft[] => orbits.map((orbit, i) => ({ ...orbit, orbit: 100 + i }))),
  lateHits: fc.array(anyHit, { maxLength: 5 }),
  others: fc.record({ ancillary: fc.nat(99), unmapped: fc.nat(99), malformed: fc.nat(99) }),
})

/** The hits of a chamber. */
export function hitsOf({ orbits, lateHits }: ResultDraft, chamber: number, which: 'all' | 'with scintillator') {
  const on = which === 'all' ? orbits : orbits.filter(({ scintillator }) => scintillator)
  const late = which === 'all' ? lateHits : []
  return [...on.flatMap(({ hits }) => hits), ...late].filter((hit) => hit.chamber === chamber)
}

/** Of an orbit, distinct cells of a chamber, where there are any. */
export function activeOf({ orbits }: ResultDraft, chamber: number): number[] {
  const active = orbits.map(
    ({ hits }) => new Set(hits.filter((hit) => hit.chamber === chamber).map(({ cell }) => cell)),
  )
  return active.map(({ size }) => size).filter((size) => size > 0)
}

/** The layer of a cell, 1 at the bottom, as the telescope is built: by c mod 4. */
export const LAYER_OF = [4, 2, 3, 1]

export function countOf<T>(values: readonly T[], value: T): number {
  return values.filter((one) => one === value).length
}

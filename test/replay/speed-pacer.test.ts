import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { NS_PER_ORBIT } from '../../src/core/run-file/run-file.js'
import { speedPacer } from '../../src/replay/speed-pacer.js'

const MS_PER_ORBIT = NS_PER_ORBIT / 1e6
const FIRST = 3_387_200_000

/** When each row is due, in orbits since the start; rows are orbits of hits, or [HEAD, orbit]. */
function dueOrbits(rows: readonly (number | [number, number])[], speed = 1, blocks = [rows.length]): number[] {
  const startMs = 1_000_000
  const pacer = speedPacer(speed, startMs)
  const due: number[] = []
  let from = 0
  for (const length of blocks) {
    const block = createRowBuffer(length)
    for (const row of rows.slice(from, from + length)) {
      const [head, orbit] = typeof row === 'number' ? [2, row] : row
      block.columns.head[block.length] = head
      block.columns.orbit[block.length++] = orbit
    }
    pacer.begin(block)
    for (let i = 0; i < block.length; i++) due.push(Math.round((pacer.dueAtMs(i) - startMs) / MS_PER_ORBIT))
    from += length
  }
  return due
}

const from = (...steps: number[]) => steps.map((step) => (FIRST + step) >>> 0)

describe("the rows' own clock", () => {
  it('says when rows are due: as much later as their orbits are', () => {
    expect(dueOrbits(from(0, 0, 10, 1000, 16_000))).toEqual([0, 0, 10, 1000, 16_000])
  })

  it.each([2, 0.5, 100])('goes %s times as fast', (speed) => {
    const orbits = from(0, 2000, 6000)
    expect(dueOrbits(orbits, speed)).toEqual([0, 2000 / speed, 6000 / speed])
  })

  it('is that of hits, whatever other rows say', () => {
    expect(dueOrbits([FIRST, [4, 17], FIRST + 5, [0, FIRST + 9000], FIRST + 6])).toEqual([0, 0, 5, 5, 6])
  })

  it('does not go back for rows out of order', () => {
    expect(dueOrbits(from(0, 100, 40, 90, 120))).toEqual([0, 100, 100, 100, 120])
  })

  it('goes on through the wrap of the counter', () => {
    expect(dueOrbits([4_294_967_290, 4_294_967_295, 4, 1000])).toEqual([0, 5, 10, 1006])
    expect(dueOrbits([4_294_967_290, 4_294_967_295, 100_000, 100_001, 100_002])).toEqual([0, 5, 5, 5, 100_008])
  })

  it('takes no time for a restart of the counter', () => {
    expect(dueOrbits(from(0, 500).concat([7, 8, 9, 300]))).toEqual([0, 500, 500, 500, 501, 792])
  })

  it('takes its time for a gap', () => {
    expect(dueOrbits(from(0, 500, 1_000_000, 1_000_001, 1_000_002))).toEqual([0, 500, 500, 500, 1_000_002])
  })

  it.each([
    ['one absurd orbit', [17]],
    ['two absurd orbits', [17, 3_999_999_999]],
    ['a hundred rows of one absurd orbit', new Array(100).fill(4_000_000_000)],
  ])('is not moved by %s', (_name, absurd: number[]) => {
    const due = dueOrbits([...from(0, 500), ...absurd, ...from(501, 600)])
    expect(due).toEqual([0, 500, ...absurd.map(() => 500), 501, 600])
  })

  it.each([0, 17, 2_000_000_000, 4_294_967_295])('is not held up by a first row with the absurd orbit %i', (absurd) => {
    const due = dueOrbits([absurd, absurd, ...from(0, 1, 2, 50)])
    expect(Math.max(...due)).toBeLessThan(100)
  })

  it('never goes back, whatever the orbits are, and however they come in blocks', () => {
    const anyOrbit = fc.oneof(fc.nat(2 ** 32 - 1), fc.nat(40_000), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1))
    fc.assert(
      fc.property(
        fc.array(anyOrbit, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (orbits, most) => {
          const blocks = Array.from({ length: Math.ceil(orbits.length / most) }, (_, i) =>
            Math.min(most, orbits.length - i * most),
          )
          const due = dueOrbits(orbits, 1, blocks)
          expect(due).toEqual(dueOrbits(orbits))
          expect(due).toEqual([...due].sort((a, b) => a - b))
        },
      ),
    )
  })

  it('says how many rows of a block are due', () => {
    const pacer = speedPacer(1, 0)
    const block = createRowBuffer(4)
    block.length = 4
    block.columns.head.fill(2)
    block.columns.orbit.set([100, 200, 200, 300])
    pacer.begin(block)
    const at = (orbits: number) => pacer.due(0, orbits * MS_PER_ORBIT + 1e-6)
    expect([-1, 0, 99, 100, 199, 200, 1e6].map(at)).toEqual([0, 1, 1, 3, 3, 4, 4])
    expect(pacer.due(3, 150 * MS_PER_ORBIT)).toBe(0)
    expect(pacer.wantedRate).toBeUndefined()
  })
})

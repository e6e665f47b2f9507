import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Chains } from '../../../src/core/results/chains.js'
import type { SourceRange } from '../../../src/core/results/result.js'

function range(from: number, to: number, watermark: number | null = to, partition = 0): SourceRange {
  return { topic: 'data_raw', partition, from, to, watermark }
}

function chainsOf(...ranges: SourceRange[]): Chains {
  const chains = new Chains()
  for (const each of ranges) chains.add([each])
  return chains
}

/** A chain cut at random places, watermarks ascending along it. */
const anyChain = fc
  .uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 12 })
  .map((cuts) =>
    cuts.sort((a, b) => a - b).flatMap((from, i) => (i + 1 < cuts.length ? [range(from, cuts[i + 1])] : [])),
  )

function shuffled<T>(list: readonly T[], order: readonly number[]): T[] {
  return list
    .map((value, i) => ({ value, key: order[i % order.length] + i * 1e-6 }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

const anyOrder = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 })

describe('chains', () => {
  it('that follow one another are one range, in whatever order they come', () => {
    fc.assert(
      fc.property(anyChain, anyOrder, (ranges, order) => {
        const chains = chainsOf(...shuffled(ranges, order))
        expect(chains.ranges()).toEqual([range(ranges[0].from, (ranges.at(-1) as SourceRange).to)])
        expect(chains.gaps()).toEqual([])
      }),
    )
  })

  it('with links missing have gaps just there', () => {
    fc.assert(
      fc.property(anyChain, anyOrder, fc.nat(20), (ranges, order, missing) => {
        const kept = ranges.filter((_, i) => i % 3 !== missing % 3)
        const chains = chainsOf(...shuffled(kept, order))
        const covered = new Set(kept.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)))
        const [first, last] = [Math.min(...covered), Math.max(...covered)]
        const holes = chains.gaps().flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
        const expected = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i).filter(
          (i) => !covered.has(i),
        )
        expect(holes).toEqual(expected)
        expect(chains.gaps().every(({ source }) => source === 'data_raw/0')).toBe(true)
      }),
    )
  })

  it('tell what overlaps from what only touches', () => {
    const chains = chainsOf(range(10, 20), range(30, 40))
    for (const [from, to, overlaps] of [
      [0, 10, false],
      [20, 30, false],
      [40, 50, false],
      [0, 11, true],
      [19, 21, true],
      [12, 13, true],
      [0, 100, true],
      [39, 40, true],
    ] as const) {
      expect([from, to, chains.overlaps([range(from, to)])]).toEqual([from, to, overlaps])
      expect(chains.overlaps([range(from, to, null, 1)])).toBe(false)
      expect(chains.overlaps([range(0, 5), range(from, to)])).toBe(overlaps)
    }
  })

  it('take an empty range as covering nothing', () => {
    const chains = chainsOf(range(10, 20))
    for (const at of [0, 10, 15, 20, 30]) expect(chains.overlaps([range(at, at)])).toBe(false)
  })

  it('have the watermark of their last link, an empty one included', () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ]) {
      const links = [range(0, 10, 100), range(10, 10, 150), range(10, 20, 200), range(20, 20, 250)]
      expect(chainsOf(...order.map((i) => links[i])).ranges()).toEqual([range(0, 20, 250)])
    }
  })

  it('keep sources apart: partitions, topics, files', () => {
    const file = { name: 'data_raw', from: 0, to: 5, watermark: null }
    const other = { topic: 'other', partition: 0, from: 5, to: 9, watermark: null }
    const chains = chainsOf(range(0, 5), range(5, 10, null, 1), file, other)
    expect(chains.ranges()).toEqual([range(0, 5), range(5, 10, null, 1), file, other])
    expect(chains.gaps()).toEqual([])
  })

  it('keep apart a file and a partition that read alike', () => {
    const chains = chainsOf(range(0, 5))
    expect(chains.overlaps([{ name: 'data_raw/0', from: 0, to: 5, watermark: null }])).toBe(false)
  })

  it('take the windows of one Spark job as one axis of orbits, on which a hole is no gap', () => {
    const window = (from: number, to: number, since = [0, 0]) => ({
      ...{ topic: 'data_raw', since, from, to },
      watermark: (to - 1) % 2 ** 32,
    })
    const chains = chainsOf(window(2 ** 32 - 10, 2 ** 32 + 10), window(100, 200), window(50, 100))
    expect(chains.gaps()).toEqual([])
    expect(chains.ranges()).toEqual([window(50, 200), window(2 ** 32 - 10, 2 ** 32 + 10)])
    expect(chains.overlaps([window(200, 300)])).toBe(false)
    expect(chains.overlaps([window(199, 300)])).toBe(true)
    expect(chains.overlaps([window(100, 200, [0, 1])])).toBe(false)
    expect(chains.overlaps([range(100, 200)])).toBe(false)
  })

  it('find what overlaps among thousands of holes', () => {
    const chains = chainsOf(...Array.from({ length: 5000 }, (_, i) => range(10 * i, 10 * i + 9)))
    for (const at of [0, 137, 4999]) {
      expect(chains.overlaps([range(10 * at + 9, 10 * at + 10)])).toBe(false)
      expect(chains.overlaps([range(10 * at + 8, 10 * at + 10)])).toBe(true)
    }
    expect(chains.gaps()).toHaveLength(4999)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { murmur2, OrbitPartitioner, orbitHash } from '../../../src/core/rows/partition-of.js'

const anyOrbit = fc.nat(2 ** 32 - 1)

describe('murmur2', () => {
  // the test vectors of Kafka: org.apache.kafka.common.utils.UtilsTest.testMurmur2
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Kafka has', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  it('looks at no more bytes than it is told to', () => {
    expect(murmur2(Buffer.from('21rest'), 2)).toBe(murmur2(Buffer.from('21')))
  })
})

describe('the hash of an orbit', () => {
  it('is that of its decimal digits, without the sign', () => {
    expect(orbitHash(21)).toBe(-973932308 & 0x7fffffff)
    const anyLength = fc.nat(10).chain((digits) => fc.nat(Math.min(10 ** digits, 2 ** 32 - 1)))
    fc.assert(
      fc.property(anyLength, (orbit) => {
        expect(orbitHash(orbit)).toBe(murmur2(Buffer.from(String(orbit))) & 0x7fffffff)
      }),
    )
  })

  it.each([0, 9, 10, 2 ** 31, 2 ** 32 - 1])('is whole and not negative: %i', (orbit) => {
    expect(orbitHash(orbit)).toBe(murmur2(Buffer.from(String(orbit))) & 0x7fffffff)
    expect(orbitHash(orbit)).toBeGreaterThanOrEqual(0)
  })
})

describe('the partition of an orbit', () => {
  it('is the hash modulo the partitions, whatever was asked before', () => {
    // few slots, so that orbits drive each other out of the memory
    const anyColliding = fc.tuple(fc.nat(3), fc.nat(2 ** 20 - 1)).map(([slot, page]) => slot + 4096 * page)
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyColliding, fc.nat(8), anyOrbit), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 65_535 }),
        (orbits, partitions) => {
          const partitioner = new OrbitPartitioner(partitions)
          const found = orbits.map((orbit) => partitioner.partitionOf(orbit))
          expect(found).toEqual(orbits.map((orbit) => orbitHash(orbit) % partitions))
        },
      ),
    )
  })

  it.each([3, 10, 17])('spreads orbits that follow each other evenly over %i partitions', (partitions) => {
    const partitioner = new OrbitPartitioner(partitions)
    const counts = new Array<number>(partitions).fill(0)
    const orbits = 40_000
    for (let i = 0; i < orbits; i++) counts[partitioner.partitionOf(3_387_200_000 + i)]++
    for (const count of counts) expect(Math.abs(count / (orbits / partitions) - 1)).toBeLessThan(0.1)
  })
})

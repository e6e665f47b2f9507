import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, shareOut } from '../../../../src/log/kafka/lanes/share-out.js'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

const anyClaims: fc.Arbitrary<{ partitions: number[]; claims: Claim[] }> = fc
  .record({ count: fc.integer({ min: 1, max: 40 }), members: fc.integer({ min: 1, max: 12 }) })
  .chain(({ count, members }) =>
    fc.record({
      partitions: fc.constant(upTo(count)),
      claims: fc
        .array(fc.uniqueArray(fc.integer({ min: 0, max: count + 3 })), { minLength: members, maxLength: members })
        .map((owned) => owned.map((one, i) => ({ id: `member ${i}`, owned: one }))),
    }),
  )

describe('the lanes of a topic', () => {
  it('go to one member each, none has two more than another, and who has no more than his share keeps all of it', () => {
    fc.assert(
      fc.property(anyClaims, ({ partitions, claims }) => {
        const shares = shareOut(partitions, claims)
        expect([...shares.values()].flat().sort((a, b) => a - b)).toEqual(partitions)
        const sizes = [...shares.values()].map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        const least = Math.floor(partitions.length / claims.length)
        const claimed = claims.flatMap(({ owned }) => owned)
        for (const { id, owned } of claims) {
          const alone = owned.filter(
            (one) => partitions.includes(one) && claimed.filter((other) => other === one).length === 1,
          )
          const kept = alone.filter((one) => shares.get(id)?.includes(one))
          expect(kept.length).toBeGreaterThanOrEqual(Math.min(alone.length, least) - (owned.length - alone.length))
        }
      }),
    )
  })

  it('stay where they are when nobody came or went', () => {
    fc.assert(
      fc.property(anyClaims, ({ partitions, claims }) => {
        const first = shareOut(partitions, claims)
        const again = shareOut(
          partitions,
          claims.map(({ id }) => ({ id, owned: first.get(id) ?? [] })),
        )
        expect(again).toEqual(first)
      }),
    )
  })

  it('move no more than needed when a member comes, and when one goes', () => {
    const alone = shareOut(upTo(10), [{ id: 'a', owned: upTo(10) }])
    expect(alone.get('a')).toEqual(upTo(10))
    const two = shareOut(upTo(10), [
      { id: 'a', owned: upTo(10) },
      { id: 'b', owned: [] },
    ])
    expect(two).toEqual(
      new Map([
        ['a', [0, 1, 2, 3, 4]],
        ['b', [5, 6, 7, 8, 9]],
      ]),
    )
    const left = shareOut(upTo(10), [{ id: 'b', owned: [5, 6, 7, 8, 9] }])
    expect(left.get('b')).toEqual(upTo(10))
  })

  it('leave members without any where they are too few', () => {
    const shares = shareOut(
      [0],
      [
        { id: 'b', owned: [] },
        { id: 'a', owned: [] },
        { id: 'c', owned: [0] },
      ],
    )
    expect(shares).toEqual(
      new Map([
        ['a', []],
        ['b', []],
        ['c', [0]],
      ]),
    )
  })
})

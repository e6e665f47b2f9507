import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerCount } from '../../../../src/log/kafka/client/answer-count.js'

describe('counting answers', () => {
  it('counts each when its last byte comes, however the stream is cut', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 })
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(lengths, cuts, (lengths, cuts) => {
        const stream = Buffer.concat(lengths.map((length) => answer(length)))
        const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length + 4, 0))
        const count = new AnswerCount()
        let seen = 0
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = Math.min(stream.length, at + cuts[i % cuts.length])
          seen += count.add(stream.subarray(at, end))
          at = end
          expect(seen).toBe(ends.filter((one) => one <= at).length)
        }
        expect(seen).toBe(lengths.length)
      }),
    )
  })
})

function answer(length: number): Buffer {
  const bytes = Buffer.alloc(4 + length)
  bytes.writeInt32BE(length)
  return bytes
}

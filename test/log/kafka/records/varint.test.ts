import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVarint, skipVarlong, varintSize, writeVarint } from '../../../../src/log/kafka/records/varint.js'

const EDGES = [0, 1, 63, 64, 8191, 8192, 1_048_575, 1_048_576, 134_217_727, 134_217_728, 2 ** 31 - 1]

/** By the definition: zigzag, then seven bits a byte. */
function encoded(value: bigint): Uint8Array {
  let rest = value < 0n ? -2n * value - 1n : 2n * value
  const bytes: number[] = []
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

describe('a varint', () => {
  it('is written as defined, in as many bytes as foretold', () => {
    const number = fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: 0, max: 2 ** 31 - 1 }))
    fc.assert(
      fc.property(number, (value) => {
        const bytes = new Uint8Array(7)
        const at = writeVarint(bytes, 1, value)
        expect([...bytes.subarray(1, at)]).toEqual([...encoded(BigInt(value))])
        expect(varintSize(value)).toBe(at - 1)
      }),
    )
  })

  it('is read as defined', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...EDGES), fc.integer()), (value) => {
        const cursor = { at: 1 }
        const bytes = encoded(BigInt(value))
        expect(readVarint(Uint8Array.of(9, ...bytes, 9), cursor)).toBe(value)
        expect(cursor.at).toBe(1 + bytes.length)
      }),
    )
  })

  it('of 64 bits is passed over', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const cursor = { at: 0 }
        const bytes = encoded(value)
        skipVarlong(Uint8Array.of(...bytes, 9), cursor)
        expect(cursor.at).toBe(bytes.length)
      }),
    )
  })

  it('that never ends is an error, and one that is cut off ends behind the bytes', () => {
    expect(() => readVarint(new Uint8Array(20).fill(255), { at: 0 })).toThrow('more than 32 bits')
    expect(() => skipVarlong(new Uint8Array(20).fill(255), { at: 0 })).toThrow('more than 64 bits')
    const cursor = { at: 0 }
    readVarint(Uint8Array.of(255), cursor)
    expect(cursor.at).toBeGreaterThan(1)
  })
})

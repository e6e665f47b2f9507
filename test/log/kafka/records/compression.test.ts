import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { describe, expect, it } from 'vitest'
import { ExpectedError } from '../../../../src/errors.js'
import { decompressed } from '../../../../src/log/kafka/records/compression.js'
import { decodeRecordSet } from '../../../../src/log/kafka/records/decode.js'
import { lz4FrameBound } from '../../../../src/log/kafka/records/lz4-frame.js'
import { messagesOf } from '../../messages.js'
import { batchAround } from './kafkajs.js'

const GZIP = 1
const SNAPPY = 2
const LZ4 = 3
const ZSTD = 4
const PLACE = { topic: 't', partition: 2, offset: 40 }
const COUNT = 1200

/** As fixtures/make.py has them. */
const VALUES = Array.from({ length: COUNT }, (_, i) =>
  `2,${i % 4},${i % 128},${3387200953 + Math.floor(i / 200)},${i % 100},${i % 32}\n`.repeat(3),
)

const FIXTURES: [string, number][] = [
  ['snappy-raw', SNAPPY],
  ['snappy-framed', SNAPPY],
  ['lz4-linked', LZ4],
  ['lz4-independent', LZ4],
  ['lz4-large', LZ4],
  ['zstd-sized', ZSTD],
  ['zstd-streamed', ZSTD],
  ['zstd-19', ZSTD],
]

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url))
}

/** Java's framing of raw Snappy blocks. */
function framed(bytes: Buffer, blockBytes: number): Buffer {
  const parts: Buffer[] = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = compressSync(bytes.subarray(at, at + blockBytes))
    const size = Buffer.alloc(4)
    size.writeInt32BE(block.length)
    parts.push(size, block)
  }
  return Buffer.concat(parts)
}

describe('compressed record batches', () => {
  it.each(FIXTURES)('of another implementation are read: %s', (name, codec) => {
    const set = batchAround(fixture(name), { codec, count: COUNT, baseOffset: 7 })
    const { batches, nextOffset } = decodeRecordSet({ topic: 't', partition: 0, bytes: set, from: 0 })
    const messages = messagesOf(batches[0])
    expect(messages.map(({ value }) => value)).toEqual(VALUES)
    expect([messages[0].offset, nextOffset]).toEqual([7, 7 + COUNT])
  })

  it.each<[string, number, (bytes: Buffer) => Buffer]>([
    ['gzip', GZIP, (bytes) => gzipSync(bytes)],
    ['raw snappy', SNAPPY, (bytes) => compressSync(bytes)],
    ['framed snappy', SNAPPY, (bytes) => framed(bytes, 1000)],
    ['lz4', LZ4, (bytes) => compressFrameSync(bytes, { contentChecksum: true, blockChecksums: true })],
  ])('come out as they went in, whatever they hold: %s', (_, codec, compress) => {
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.tuple(fc.nat(255), fc.nat(200_000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
    )
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 6 }), (chunks) => {
        const bytes = Buffer.concat(chunks)
        expect(Buffer.compare(decompressed(compress(bytes), codec, PLACE), bytes)).toBe(0)
      }),
    )
  })

  it.each(FIXTURES)(
    'cut off or damaged are an error with their place, or other bytes, never a crash: %s',
    (name, codec) => {
      const whole = fixture(name)
      const attempt = (bytes: Buffer) => {
        try {
          decompressed(bytes, codec, PLACE, 4_000_000)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpectedError)
          expect((error as Error).message).toMatch(/^the record batch at offset 40 of t\/2 /)
          return true
        }
        return false
      }
      // with less than that an LZ4 frame may lack no more than its end mark and checksum
      for (const cut of [9, 20, 1000]) expect(attempt(whole.subarray(0, -cut))).toBe(true)
      fc.assert(
        fc.property(fc.oneof(fc.nat(24), fc.nat(whole.length - 1)), fc.integer({ min: 1, max: 255 }), (at, change) => {
          const bytes = Buffer.from(whole)
          bytes[at] ^= change
          attempt(bytes)
        }),
        { numRuns: 150 },
      )
    },
  )

  it.each<[string, number, Buffer]>([
    ['gzip', GZIP, gzipSync(Buffer.alloc(300_000))],
    ['raw snappy', SNAPPY, compressSync(Buffer.alloc(300_000))],
    ['framed snappy', SNAPPY, framed(Buffer.alloc(300_000), 30_000)],
    ['lz4', LZ4, compressFrameSync(Buffer.alloc(300_000))],
    ['zstd', ZSTD, fixture('zstd-streamed')],
    ['zstd that says its size', ZSTD, fixture('zstd-sized')],
  ])('are not decompressed beyond the limit: %s', (_, codec, bytes) => {
    expect(() => decompressed(bytes, codec, PLACE, 65_536)).toThrow(
      'the record batch at offset 40 of t/2 decompresses to more than 0.0625 MiB',
    )
  })

  it('are not decompressed beyond the limit where it takes several zstd frames to get there', () => {
    const frame = fixture('zstd-sized')
    const { length } = decompressed(frame, ZSTD, PLACE)
    const twice = Buffer.concat([frame, frame])
    expect(decompressed(twice, ZSTD, PLACE, 2 * length).length).toBe(2 * length)
    expect(() => decompressed(twice, ZSTD, PLACE, 2 * length - 1)).toThrow(/decompresses to more than/)
  })

  it('may make exactly as much as the limit', () => {
    for (const [codec, bytes] of [
      [GZIP, gzipSync(Buffer.alloc(65_536))],
      [SNAPPY, compressSync(Buffer.alloc(65_536))],
    ] as const) {
      expect(decompressed(bytes, codec, PLACE, 65_536).length).toBe(65_536)
    }
  })

  it.each([5, 6, 7])('of an unknown kind are an error with their place: codec %i', (codec) => {
    const bytes = batchAround(Buffer.alloc(20), { codec, count: 1, baseOffset: 40 })
    expect(() => decodeRecordSet({ topic: 't', partition: 2, bytes, from: 0 })).toThrow(
      `the record batch at offset 40 of t/2 is compressed in an unknown way (codec ${codec})`,
    )
  })
})

describe('the bound of an LZ4 frame', () => {
  it.each(FIXTURES.filter(([, codec]) => codec === LZ4))('is at least what it makes: %s', (name) => {
    const size = decompressed(fixture(name), LZ4, PLACE).length
    expect(lz4FrameBound(fixture(name))).toBeGreaterThanOrEqual(size)
  })

  it('is what plain blocks hold, and nothing for other bytes', () => {
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff))
    const bound = lz4FrameBound(compressFrameSync(noise))
    expect(bound).toBeGreaterThanOrEqual(noise.length)
    expect(bound).toBeLessThan(2 ** 22)
    expect([lz4FrameBound(Buffer.alloc(0)), lz4FrameBound(noise)]).toEqual([0, 0])
  })
})

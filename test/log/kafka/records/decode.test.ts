import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpectedError } from '../../../../src/errors.js'
import { type DecodedSet, decodeRecordSet, type RecordSet } from '../../../../src/log/kafka/records/decode.js'
import { MESSAGE_KIND } from '../../../../src/log/log.js'
import { messagesOf } from '../../messages.js'
import { batchAround, decodedByKafkajs, encodedByKafkajs, type TestRecord, withChecksum } from './kafkajs.js'

const { text, arrow, daq, end } = MESSAGE_KIND

function decode(bytes: Buffer, from = 0, changes: Partial<RecordSet> = {}): DecodedSet {
  return decodeRecordSet({ topic: 'data_raw', partition: 3, bytes, from, ...changes })
}

/** Records with these values and offsets that run on. */
function plain(...values: (string | Buffer | null)[]): TestRecord[] {
  return values.map((value, offsetDelta) => ({
    offsetDelta,
    value: typeof value === 'string' ? Buffer.from(value) : value,
  }))
}

const offsetsOf = ({ batches }: DecodedSet) => batches.map((batch) => messagesOf(batch).map(({ offset }) => offset))

const bytesArbitrary = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const recordArbitrary = fc.record({
  gap: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  ),
  key: fc.option(bytesArbitrary),
  value: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 9, arbitrary: bytesArbitrary },
    { weight: 1, arbitrary: fc.integer({ min: 8000, max: 20_000 }).map((length) => Buffer.alloc(length, 'x')) },
  ),
  headers: fc.dictionary(
    fc.oneof(fc.constantFrom('dt', 'd', 'dtt', ''), fc.string({ maxLength: 90 })).filter((key) => key !== '__proto__'),
    fc.oneof(fc.constantFrom('t', 'a', 'd', 'e', 'x', '', 'tt'), fc.string({ maxLength: 90 })),
    { maxKeys: 3 },
  ),
})
const batchArbitrary = fc.record({
  gapBefore: fc.integer({ min: 0, max: 3 }),
  gapBehind: fc.integer({ min: 0, max: 2 }),
  gzip: fc.boolean(),
  records: fc.array(recordArbitrary, { maxLength: 80 }),
})

async function encodeAll(
  baseOffset: number,
  batches: (typeof batchArbitrary extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const encoded: Buffer[] = []
  let offset = baseOffset
  for (const { gapBefore, gapBehind, gzip, records } of batches) {
    let delta = -1
    const placed = records.map(({ gap, ...record }) => {
      delta += 1 + gap
      return { ...record, offsetDelta: delta }
    })
    const lastOffsetDelta = Math.max(0, delta) + gapBehind
    encoded.push(await encodedByKafkajs({ baseOffset: offset + gapBefore, records: placed, lastOffsetDelta, gzip }))
    offset += gapBefore + lastOffsetDelta + 1
  }
  return { encoded, nextOffset: offset }
}

/** The kind that a message has by the rule, told from what kafkajs read. */
function expectedKind(value: Buffer | null, mark: Buffer | Buffer[] | undefined): { kind: number; marked: boolean } {
  const letters = new Map([
    ['t', text],
    ['a', arrow],
    ['d', daq],
    ['e', end],
  ])
  const kind = letters.get(String(mark))
  if (kind !== undefined && (kind === end) === (value === null)) return { kind, marked: true }
  return { kind: value?.subarray(0, 4).equals(Buffer.alloc(4, 0xff)) ? arrow : text, marked: false }
}

describe('a record set is decoded', () => {
  it('to what kafkajs reads, message by message, for any records, from any offset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batchArbitrary, { maxLength: 4 }),
        fc.constantFrom(0, 7, 2 ** 40),
        fc.double({ min: 0, max: 1.1, noNaN: true }),
        async (made, baseOffset, part) => {
          const { encoded, nextOffset } = await encodeAll(baseOffset, made)
          const from = baseOffset + Math.floor(part * (nextOffset - baseOffset))
          const expected = []
          for (const bytes of encoded) {
            const read = await decodedByKafkajs(bytes)
            const records = read.records.filter(({ offset }) => Number(offset) >= from)
            if (records.length === 0) continue
            const kinds = records.map(({ value, headers }) => expectedKind(value, headers.dt))
            expected.push({
              nextOffset: Number(read.firstOffset) + read.lastOffsetDelta + 1,
              firstOffset: Number(records[0].offset),
              appendedAtMs: Number(read.maxTimestamp),
              keyedByOrbit: kinds.every(({ marked }) => marked),
              messages: records.map(({ offset, value }, i) => ({
                ...{ offset: Number(offset), value: value?.toString() ?? '', kind: kinds[i].kind },
              })),
            })
          }
          const decoded = decode(Buffer.concat(encoded), from)
          expect(
            decoded.batches.map(({ nextOffset, firstOffset, appendedAtMs, keyedByOrbit, ...batch }) => ({
              ...{ nextOffset, firstOffset, appendedAtMs, keyedByOrbit },
              messages: messagesOf({ nextOffset, firstOffset, appendedAtMs, keyedByOrbit, ...batch }),
            })),
          ).toEqual(expected)
          expect(decoded.nextOffset).toBe(Math.max(from, encoded.length > 0 ? nextOffset : from))
          for (const { topic, partition } of decoded.batches) expect([topic, partition]).toEqual(['data_raw', 3])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('cut off at any byte: to its whole batches', async () => {
    const batches = [
      await encodedByKafkajs({ baseOffset: 10, records: plain('a', 'b') }),
      await encodedByKafkajs({ baseOffset: 12, records: plain('c', 'd', 'e'), gzip: true }),
    ]
    const whole = Buffer.concat(batches)
    for (let size = 0; size <= whole.length; size++) {
      const decoded = decode(whole.subarray(0, size), 10)
      const expected =
        size < batches[0].length
          ? []
          : size < whole.length
            ? [[10, 11]]
            : [
                [10, 11],
                [12, 13, 14],
              ]
      expect(offsetsOf(decoded)).toEqual(expected)
      expect(decoded.nextOffset).toBe([10, 12, 15][expected.length])
    }
  })

  it('from inside a batch: the first message kept is the one asked for, and bounds stay', async () => {
    const set = Buffer.concat([
      await encodedByKafkajs({ baseOffset: 0, records: plain('z') }),
      await encodedByKafkajs({ baseOffset: 10, records: plain('a', 'b', 'c', 'd') }),
    ])
    const decoded = decode(set, 12)
    expect(decoded.batches.map(({ firstOffset, count, nextOffset }) => [firstOffset, count, nextOffset])).toEqual([
      [12, 2, 14],
    ])
    expect(messagesOf(decoded.batches[0]).map(({ value }) => value)).toEqual(['c', 'd'])
    expect(decode(set, 14)).toEqual({ batches: [], nextOffset: 14 })
    expect(decode(set, 99)).toEqual({ batches: [], nextOffset: 99 })
  })

  it('with holes only where there are holes among the messages kept', async () => {
    const records = [0, 1, 5, 6, 7].map((offsetDelta) => ({ offsetDelta, value: Buffer.from(`${offsetDelta}`) }))
    const set = await encodedByKafkajs({ baseOffset: 100, records, lastOffsetDelta: 9 })
    const [whole] = decode(set, 0).batches
    expect([...(whole.offsets ?? [])]).toEqual([100, 101, 105, 106, 107])
    expect(whole.nextOffset).toBe(110)
    for (const from of [102, 105]) {
      const [rest] = decode(set, from).batches
      expect([rest.firstOffset, rest.count, rest.offsets]).toEqual([105, 3, undefined])
    }
    expect(decode(set, 108)).toEqual({ batches: [], nextOffset: 110 })
  })

  it('over its own bytes: no value is copied', async () => {
    const set = await encodedByKafkajs({ baseOffset: 0, records: plain('abc', 'def') })
    const [batch] = decode(set).batches
    expect(batch.bytes.buffer).toBe(set.buffer)
  })

  it('past a batch that compaction has left without records', async () => {
    const empty = batchAround(Buffer.alloc(0), { codec: 0, count: 0, baseOffset: 7 })
    expect(decode(empty, 7)).toEqual({ batches: [], nextOffset: 8 })
  })
})

describe('the kind of a message', () => {
  const ARROW = Buffer.from([0xff, 0xff, 0xff, 0xff, 1])
  it.each<[string, Buffer | null, TestRecord['headers'], number, boolean]>([
    ['by its mark: text', Buffer.from('1,2'), { dt: 't' }, text, true],
    ['by its mark: arrow', Buffer.from('1,2'), { dt: 'a' }, arrow, true],
    ['by its mark: daq', ARROW, { dt: 'd' }, daq, true],
    ['by its mark: end', null, { dt: 'e' }, end, true],
    ['by its mark among other headers', ARROW, { a: 'x'.repeat(200), dt: 'd', b: '' }, daq, true],
    ['without headers', Buffer.from('1,2'), {}, text, false],
    ['without headers: arrow', ARROW, {}, arrow, false],
    ['without headers: short of arrow', ARROW.subarray(0, 3), {}, text, false],
    ['without value and mark', null, {}, text, false],
    ['with an unknown mark', ARROW, { dt: 'q' }, arrow, false],
    ['with an empty mark', ARROW, { dt: '' }, arrow, false],
    ['with a long mark', Buffer.from('1'), { dt: 'dd' }, text, false],
    ['with a mark twice: the first', Buffer.from('1'), { dt: ['d', 't'] }, daq, true],
    ['an end mark with a value, which is none', Buffer.from('1'), { dt: 'e' }, text, false],
    ['a row without value, which is none', null, { dt: 'd' }, text, false],
    ['with a header of like name', Buffer.from('1'), { dx: 'd' }, text, false],
    ['with a header without name', Buffer.from('1'), { '': 'd' }, text, false],
  ])('%s', async (_, value, headers = {}, kind, keyedByOrbit) => {
    const set = await encodedByKafkajs({ baseOffset: 0, records: [{ offsetDelta: 0, value, headers }] })
    const [batch] = decode(set).batches
    expect([batch.kind[0], batch.keyedByOrbit]).toEqual([kind, keyedByOrbit])
    expect(messagesOf(batch)[0].value).toBe(value?.toString() ?? '')
  })

  it('is keyed by orbit only where all messages of the batch are marked that are read', async () => {
    const records = plain('a', 'b', 'c').map((record, i) => (i === 0 ? record : { ...record, headers: { dt: 't' } }))
    const set = await encodedByKafkajs({ baseOffset: 0, records })
    expect(decode(set, 0).batches[0].keyedByOrbit).toBe(false)
    expect(decode(set, 1).batches[0].keyedByOrbit).toBe(true)
  })

  it('is found behind a header without value', () => {
    // one record: value "x", headers n (null) and dt: d
    const body = Buffer.from([0, 0, 0, 1, 2, 0x78, 4, 2, 0x6e, 1, 4, 0x64, 0x74, 2, 0x64])
    const set = batchAround(Buffer.concat([Buffer.from([body.length * 2]), body]), { codec: 0, count: 1 })
    expect(decode(set).batches[0].kind[0]).toBe(daq)
  })
})

describe('damage', () => {
  it('of any bit is an error with topic, partition and offset, or changes no message', async () => {
    const whole = Buffer.concat([
      await encodedByKafkajs({ baseOffset: 10, records: plain('1,2', '3,4') }),
      await encodedByKafkajs({ baseOffset: 12, records: plain('5,6', '7,8'), gzip: true }),
    ])
    const first = whole.readInt32BE(8) + 12
    const sound = decode(whole, 10)
    let errors = 0
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const at = bit >> 3
      const inBatch = at < first ? at : at - first
      if (inBatch < 8) continue // the offset, which the broker writes and no checksum covers
      const bytes = Buffer.from(whole)
      bytes[at] ^= 1 << (bit & 7)
      let decoded: DecodedSet
      try {
        decoded = decode(bytes, 10)
      } catch (error) {
        expect(error).toBeInstanceOf(ExpectedError)
        expect((error as Error).message).toMatch(/offset 1[02] of data_raw\/3/)
        errors++
        continue
      }
      // a length that is too large is that of a cut batch; the leader's epoch means nothing here
      expect(inBatch).toBeLessThan(16)
      const kept = decoded.batches.length
      expect(decoded.batches.map(messagesOf)).toEqual(sound.batches.slice(0, kept).map(messagesOf))
      expect(decoded.nextOffset).toBe([10, 12, 14][kept])
    }
    expect(errors).toBeGreaterThan((whole.length - 2 * 16) * 8)
  })

  it('of the records behind a right checksum is an error, never a crash or a wait', async () => {
    const sound = await encodedByKafkajs({
      baseOffset: 10,
      records: plain('1,2', null, 'x'.repeat(200)).map((record) => ({ ...record, headers: { dt: 'd', other: 'x' } })),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 21, max: sound.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const bytes = Buffer.from(sound)
          for (const [at, value] of changes) bytes[at] = value
          try {
            for (const batch of decode(withChecksum(bytes), 10).batches) {
              expect(batch.count).toBeLessThanOrEqual(3)
              for (let i = 0; i < batch.count; i++) {
                expect(batch.start[i]).toBeLessThanOrEqual(batch.end[i])
                expect(batch.end[i]).toBeLessThanOrEqual(batch.bytes.length)
              }
            }
          } catch (error) {
            if (!(error instanceof ExpectedError)) throw error
          }
        },
      ),
      { numRuns: 5000 },
    )
  })

  it.each<[string, (bytes: Buffer) => void, RegExp]>([
    ['a length below the header', (bytes) => bytes.writeInt32BE(3, 8), /can't be 3 bytes long/],
    ['a length of the header cut short', (bytes) => bytes.writeInt32BE(30, 8), /can't be 42 bytes long/],
    [
      'a number of records that cannot be',
      (bytes) => bytes.writeInt32BE(0x7fffffff, 57),
      /can't hold 2147483647 records/,
    ],
    ['fewer records than there are', (bytes) => bytes.writeInt32BE(1, 57), /bytes behind its last record/],
    ['a last offset below the first', (bytes) => bytes.writeInt32BE(-1, 23), /offsets make no sense/],
    ['offsets beyond the last', (bytes) => bytes.writeInt32BE(0, 23), /offsets are out of order/],
    ['a first offset below 0', (bytes) => bytes.writeBigInt64BE(-5n, 0), /offset -5 .* offsets make no sense/],
  ])('%s is named', async (_, change, message) => {
    const bytes = await encodedByKafkajs({ baseOffset: 10, records: plain('1,2', '3,4') })
    change(bytes)
    expect(() => decode(withChecksum(bytes), 10)).toThrow(message)
  })

  it.each([[[1, 0]], [[0, 0, 1]]])('offsets that do not grow within a batch are named: %j', async (deltas) => {
    const records = deltas.map((offsetDelta) => ({ offsetDelta, value: null }))
    const bytes = await encodedByKafkajs({ baseOffset: 10, records, lastOffsetDelta: 1 })
    expect(() => decode(bytes, 10)).toThrow(/offset 10 .* offsets are out of order/)
  })

  it('offsets that step back from batch to batch are named', async () => {
    const batch = await encodedByKafkajs({ baseOffset: 10, records: plain('1,2', '3,4') })
    expect(() => decode(Buffer.concat([batch, batch]), 10)).toThrow(/offset 10 .* out of order/)
  })

  it.each([0, 1])('the old format %i is named', async (magic) => {
    const bytes = await encodedByKafkajs({ baseOffset: 10, records: plain('1,2') })
    bytes[16] = magic
    expect(() => decode(bytes, 10)).toThrow(
      `the messages from offset 10 of data_raw/3 are in a format that can't be read (magic ${magic}, not 2)`,
    )
  })
})

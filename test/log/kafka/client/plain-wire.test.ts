import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Client } from '../../../../src/log/kafka/client/client.js'
import { encodePlainly } from '../../../../src/log/kafka/client/plain-encode.js'
import { columnWire, wireFor } from '../../../../src/log/kafka/client/wire.js'
import { encodeRecordBatches } from '../../../../src/log/kafka/records/encode.js'
import { MESSAGE_KIND } from '../../../../src/log/log.js'
import { outgoing } from '../../messages.js'

const client = new Client({ brokers: ['127.0.0.1:1'], clientId: 'test' })

const messageArbitrary = fc.record({
  value: fc.string({ maxLength: 90 }),
  kind: fc.constantFrom(...Object.values(MESSAGE_KIND)),
  keySize: fc.nat(5),
})

describe('the plain wire', () => {
  it('encodes as the wire of columns does, to the byte', async () => {
    const options = fc.record({
      producerId: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      producerEpoch: fc.nat(32_000),
      firstSequence: fc.oneof(fc.nat(1000), fc.constant(2 ** 31 - 3)),
      transactional: fc.boolean(),
      timestampMs: fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
      maxBatchBytes: fc.integer({ min: 100, max: 2000 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(messageArbitrary, { maxLength: 60 }),
        fc.boolean(),
        options,
        async (all, keyed, how) => {
          const messages = all.filter(({ kind }) => keyed || kind === MESSAGE_KIND.text || kind === MESSAGE_KIND.arrow)
          const values = messages.map(({ value, kind }) => (kind === MESSAGE_KIND.end ? '' : value))
          const kind = Uint8Array.from(messages, (message) => message.kind)
          const batch = outgoing(0, values, { kind, keyedByOrbit: keyed })
          const start = batch.end.map((_, i) => (i === 0 ? 0 : batch.end[i - 1]))
          const end = start.map((from, i) => Math.min(batch.end[i], from + messages[i].keySize))
          const keys = { start, end }
          const ours = encodeRecordBatches({ ...batch, keys }, how)
          expect(await encodePlainly(client.internals, { ...batch, keys }, how)).toEqual(ours)
        },
      ),
    )
  })

  it('is taken where the environment wants it', () => {
    const names = (env: Record<string, string>) => wireFor(client, env).encode.name
    expect(names({})).toBe(columnWire(client).encode.name)
    expect(names({ DTSTREAM_KAFKA_WIRE: 'columns' })).toBe(columnWire(client).encode.name)
    expect(names({ DTSTREAM_KAFKA_WIRE: 'plain' })).not.toBe(columnWire(client).encode.name)
    expect(() => wireFor(client, { DTSTREAM_KAFKA_WIRE: 'other' })).toThrow('DTSTREAM_KAFKA_WIRE is other')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AbortedTransaction } from '../../../../src/log/kafka/records/aborted.js'
import { decodeRecordSet } from '../../../../src/log/kafka/records/decode.js'
import { messagesOf } from '../../messages.js'
import { encodedByKafkajs, marker } from './kafkajs.js'

/** What one of some producers does next. */
const stepArbitrary = fc.record({
  producer: fc.integer({ min: 1, max: 4 }),
  act: fc.constantFrom('send', 'send', 'send', 'plain', 'commit', 'abort', 'abort'),
  messages: fc.integer({ min: 1, max: 3 }),
  gzip: fc.boolean(),
})
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never

interface Transaction {
  producer: number
  firstOffset: number
  offsets: number[]
  /** of its marker */
  endOffset?: number
  aborted?: boolean
}

/** A partition after these steps, and all its transactions; those still open are committed at last. */
async function written(steps: readonly Step[]) {
  const batches: { first: number; last: number; bytes: Buffer }[] = []
  const transactions: Transaction[] = []
  const open = new Map<number, Transaction>()
  const visible = new Set<number>()
  let next = 0
  const put = (bytes: Buffer, count: number) => {
    batches.push({ first: next, last: next + count - 1, bytes })
    next += count
  }
  const close = async (producer: number, type: 'commit' | 'abort') => {
    const transaction = open.get(producer)
    if (!transaction) return
    open.delete(producer)
    Object.assign(transaction, { endOffset: next, aborted: type === 'abort' })
    if (type === 'commit') for (const offset of transaction.offsets) visible.add(offset)
    put(await marker(next, producer, type), 1)
  }
  for (const { producer, act, messages, gzip } of steps) {
    if (act === 'commit' || act === 'abort') {
      await close(producer, act)
      continue
    }
    const offsets = Array.from({ length: messages }, (_, i) => next + i)
    const transactional = act === 'send'
    if (transactional) {
      const transaction = open.get(producer) ?? { producer, firstOffset: next, offsets: [] }
      if (!open.has(producer)) transactions.push(transaction)
      open.set(producer, transaction)
      transaction.offsets.push(...offsets)
    } else for (const offset of offsets) visible.add(offset)
    const records = offsets.map((offset, offsetDelta) => ({ offsetDelta, value: Buffer.from(`m${offset}`) }))
    put(await encodedByKafkajs({ baseOffset: next, records, producerId: producer, transactional, gzip }), messages)
  }
  for (const producer of [...open.keys()]) await close(producer, 'commit')
  return { batches, transactions, visible, nextOffset: next }
}

function decode(bytes: Buffer, from: number, aborted: readonly AbortedTransaction[]) {
  const { batches, nextOffset } = decodeRecordSet({ topic: 't', partition: 0, bytes, from, aborted })
  return { messages: batches.flatMap(messagesOf), nextOffset }
}

describe('messages of aborted transactions', () => {
  it('are passed over, and no others, however transactions interleave and the list is ordered, from any offset on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        async (steps, fromPart, toPart, shuffle) => {
          const { batches, transactions, visible, nextOffset } = await written(steps)
          fc.pre(batches.length > 0)
          // a fetch: whole batches from the one that holds the offset asked for to some later one
          const from = Math.floor(fromPart * nextOffset)
          const firstBatch = batches.findIndex(({ last }) => last >= from)
          const lastBatch = firstBatch + Math.floor(toPart * (batches.length - 1 - firstBatch))
          const { last } = batches[lastBatch]
          const listed = transactions
            .filter(({ aborted, firstOffset, endOffset = 0 }) => aborted && endOffset >= from && firstOffset <= last)
            .map(({ producer, firstOffset }, i) => ({
              producerId: String(producer),
              firstOffset,
              rank: shuffle[i % 20],
            }))
            .sort((a, b) => a.rank - b.rank)
          const bytes = Buffer.concat(batches.slice(firstBatch, lastBatch + 1).map((batch) => batch.bytes))
          const decoded = decode(bytes, from, listed)
          const expected = [...visible].filter((offset) => offset >= from && offset <= last).sort((a, b) => a - b)
          expect(decoded.messages.map(({ offset, value }) => `${offset} ${value}`)).toEqual(
            expected.map((offset) => `${offset} m${offset}`),
          )
          expect(decoded.nextOffset).toBe(last + 1)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('of several transactions listed by their end, as brokers do', async () => {
    // producers 1 and 2 begin in this order and abort in the other
    const { batches } = await written([
      { producer: 1, act: 'send', messages: 1, gzip: false },
      { producer: 2, act: 'send', messages: 1, gzip: false },
      { producer: 2, act: 'abort', messages: 1, gzip: false },
      { producer: 1, act: 'send', messages: 1, gzip: false },
      { producer: 1, act: 'abort', messages: 1, gzip: false },
      { producer: 1, act: 'send', messages: 1, gzip: false },
      { producer: 1, act: 'commit', messages: 1, gzip: false },
    ])
    const bytes = Buffer.concat(batches.map((batch) => batch.bytes))
    const listed = [
      { producerId: 2n, firstOffset: 1n },
      { producerId: 1n, firstOffset: 0n },
    ]
    expect(decode(bytes, 0, listed)).toMatchObject({ messages: [{ offset: 5, value: 'm5' }], nextOffset: 7 })
    expect(decode(bytes, 0, []).messages.map(({ offset }) => offset)).toEqual([0, 1, 3, 5])
  })

  it('go on to the abort marker: a marker of a commit ends nothing', async () => {
    const step = (act: Step['act']): Step => ({ producer: 1, act, messages: 1, gzip: false })
    const { batches } = await written([step('send'), step('commit'), step('send'), step('abort'), step('send')])
    const bytes = Buffer.concat(batches.map((batch) => batch.bytes))
    expect(decode(bytes, 0, [{ producerId: 1n, firstOffset: 0 }]).messages.map(({ offset }) => offset)).toEqual([4])
  })

  it('with a marker whose key is cut short are an error', async () => {
    const records = [{ offsetDelta: 0, key: Buffer.from([0, 0]), value: null }]
    const bytes = await encodedByKafkajs({ baseOffset: 4, producerId: 1, transactional: true, control: true, records })
    expect(() => decode(bytes, 0, [{ producerId: 1n, firstOffset: 0n }])).toThrow(
      "the record batch at offset 4 of t/0 is damaged: a transaction's marker has no type",
    )
  })
})

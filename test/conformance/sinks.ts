import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { EXIT } from '../../src/errors.js'
import { openSink } from '../../src/sinks/registry.js'
import type { Sink, SinkContext } from '../../src/sinks/sink.js'
import { anyChain, chainedResult, expectSameResults, resultOf } from '../support/results.js'

/** Somewhere to write to, empty at first. */
export interface SinkPlace {
  uri: string
  context: SinkContext
  /** what has arrived there: the results, or how many there were where nothing else is kept; in any order if idempotent */
  received(sink: Sink): Promise<Result[] | number>
  /** names of all that lies there, whole or not; undefined where that means nothing */
  remains?(): Promise<string[]>
  /** makes the place take nothing until the function given back is called; left out where it can't be slow */
  hold?(): () => void
}

/** What every sink must do. `place` makes a new place for each test, and for each run of a random one. */
export function sinkConformance(scheme: string, place: () => Promise<SinkPlace>): void {
  describe(`the sink ${scheme}: as every sink`, () => {
    it('has the name it was opened by, and says when a result is safe', async () => {
      const { sink, uri } = await opened()
      expect(sink.name).toBe(uri)
      expect(['commit', 'write', 'close']).toContain(sink.durable)
      expect(sink.topic !== undefined).toBe(sink.durable === 'commit')
      await sink.close()
    })

    it('keeps any results to the last count, in order', async () => {
      await fc.assert(
        fc.asyncProperty(anyLanes, async (chains) => {
          const { sink, expectReceived } = await opened()
          for (const result of chains.flat()) await sink.write(result)
          await sink.close()
          await expectReceived(chains.flat())
        }),
        { numRuns: 25 },
      )
    })

    it('keeps the order of writes that are not awaited', async () => {
      const { sink, expectReceived } = await opened()
      const results = Array.from({ length: 300 }, (_, i) => chainedResult(i % 7 === 0 ? 5000 : 50, i))
      await Promise.all(results.map((result) => sink.write(result)))
      await sink.close()
      await expectReceived(results)
    })

    it('waits at close for writes that are not awaited', async () => {
      const { sink, expectReceived } = await opened()
      const results = Array.from({ length: 20 }, (_, i) => chainedResult(2000, i))
      const writes = results.map((result) => sink.write(result))
      await sink.close()
      await expectReceived(results)
      await Promise.all(writes)
    })

    it('closes with nothing written', async () => {
      const { sink, expectReceived } = await opened()
      await sink.close()
      await expectReceived([])
    })

    it('takes a result of 1 MB', async () => {
      const { sink, expectReceived } = await opened()
      const results = [HUGE, chainedResult(100, 1)]
      expect(JSON.stringify(HUGE).length).toBeGreaterThan(1_000_000)
      for (const result of results) await sink.write(result)
      await sink.close()
      await expectReceived(results)
    })

    it('keeps names of any script', async () => {
      const { sink, expectReceived } = await opened()
      const result = resultOf({ ...NO_ROWS, worker: 'Prüfstand µ → 漂移管 🙂 "\\ \u2028 \u0000 end' })
      await sink.write(result)
      await sink.close()
      await expectReceived([result])
    })

    it('leaves nothing behind when given up, or what is safe already', async () => {
      const { sink, expectReceived, remains } = await opened()
      const results = [chainedResult(100_000), chainedResult(100, 1)]
      for (const result of results) await sink.write(result)
      await sink.abort()
      if (sink.durable === 'close') expect(await remains?.()).toEqual([])
      else await expectReceived(results)
    })

    it('leaves nothing behind when given up before anything was written', async () => {
      const { sink, remains } = await opened()
      await sink.abort()
      if (sink.durable === 'close') expect(await remains?.()).toEqual([])
    })

    it('keeps what was closed when given up afterwards', async () => {
      const { sink, expectReceived } = await opened()
      await sink.write(chainedResult(100))
      await sink.close()
      await sink.abort()
      await expectReceived([chainedResult(100)])
    })

    it('refuses an option that it does not have', async () => {
      const { uri, context } = await place()
      await expect(openSink(`${uri}${uri.includes('?') ? '&' : '?'}nonsense=1`, context)).rejects.toMatchObject({
        name: 'ExpectedError',
        message: expect.stringContaining("has no option 'nonsense'"),
        exit: EXIT.usage,
      })
    })

    it('does not take a result before the place does, if that can be slow', async () => {
      const { sink, hold, expectReceived } = await opened()
      const release = hold?.() ?? (() => {})
      let taken = 0
      const writes = [0, 1].map((i) => sink.write(chainedResult(20_000, i)).then(() => taken++))
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (hold) expect(taken).toBe(0)
      release()
      await Promise.all(writes)
      await sink.close()
      await expectReceived([chainedResult(20_000, 0), chainedResult(20_000, 1)])
    })

    it('counts what is written again once, if it says so', async () => {
      const { sink, uri, context, expectReceived } = await opened()
      const results = [0, 1, 2].map((i) => chainedResult(1000, i))
      for (const result of results) await sink.write(result)
      if (!sink.idempotent) return sink.close()
      await sink.write(byAnother(results[1]))
      await sink.abort()
      // as after a crash: the lane is folded again by another worker, and goes on
      const next = await openSink(uri, context)
      results.push(chainedResult(1000, 3))
      for (const result of results) await next.write(byAnother(result))
      await next.close()
      await expectReceived([...results.slice(0, 3), byAnother(results[3])])
    })

    it('counts what two write at once as one, if it says so', async () => {
      const { sink, uri, context, at } = await opened()
      if (!sink.idempotent) return sink.close()
      const other = await openSink(uri, context)
      const results = Array.from({ length: 40 }, (_, i) => chainedResult(i % 7 === 0 ? 5000 : 50, i))
      await Promise.all([
        ...results.map((result) => sink.write(result)),
        ...results.map((result) => other.write(byAnother(result))),
      ])
      await Promise.all([sink.close(), other.close()])
      const received = await at.received(sink)
      if (typeof received === 'number') expect(received).toBe(results.length)
      else expectSameResults(received.map(anonymous).sort(byRange), results.map(anonymous))
    })
  })

  async function opened() {
    const at = await place()
    const sink = await openSink(at.uri, at.context)
    const expectReceived = async (results: Result[]) => {
      const received = await at.received(sink)
      if (typeof received === 'number') expect(received).toBe(results.length)
      else if (sink.idempotent) expectSameResults(received.sort(byRange), [...results].sort(byRange))
      else expectSameResults(received, results)
    }
    return { ...at, at, sink, expectReceived }
  }
}

/** What up to two lanes of different partitions send. */
const anyLanes = fc.uniqueArray(anyChain(), { maxLength: 2, selector: ([first]) => laneOf(first) })

function laneOf(result: Result | undefined): string {
  return JSON.stringify(result?.source.map((range) => ('topic' in range ? [range.topic, range.partition] : range.name)))
}

function byRange(a: Result, b: Result): number {
  return laneOf(a) < laneOf(b) ? -1 : laneOf(a) > laneOf(b) ? 1 : a.msg_ID - b.msg_ID
}

/** The same result as another worker sends it, later. */
function byAnother(result: Result): Result {
  const end = '2030-01-01T00:00:00.000Z'
  return { ...result, worker: 'dtstream/another/1', interval: { start: end, end } }
}

function anonymous(result: Result): Result {
  return { ...result, worker: '', interval: { start: '', end: '' } }
}

const HUGE = chainedResult(1_250_000)
const NO_ROWS = { orbits: [], lateHits: [], others: { ancillary: 0, unmapped: 0, malformed: 0 } }

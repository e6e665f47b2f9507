import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { sourceKey } from '../core/results/chains.js'
import type { Result } from '../core/results/result.js'
import { EXIT } from '../errors.js'
import type { OpenedSink } from '../sinks/policy/guarded-sink.js'
import { openSink } from '../sinks/registry.js'
import type { SinkContext, SinkSpec } from '../sinks/sink.js'
import { anyChain, chainedResult, resultOf } from './results.js'
import type { Tester } from './tester.js'

/** Somewhere to write to, empty at first. */
export interface SinkPlace {
  uri: string
  /** the sink of a plug-in; left out for one of dtstream's own */
  spec?: SinkSpec
  /** what the sink needs of its context beyond the name of a group */
  context?: Partial<SinkContext>
  /**
   * what has arrived there: the results in their order (in any, if idempotent), or how many there were where nothing else is
   * kept; asked when the sink was closed or given up
   */
  received(sink: OpenedSink): Promise<Result[] | number>
  /** names of all that lies there, whole or not; undefined where that means nothing */
  remains?(): Promise<string[]>
  /** makes the place take nothing until the function given back is called; left out where it can't be slow */
  hold?(): (() => void) | Promise<() => void>
}

/** What every sink must do. `place` makes a new place for each test, and for each run of a random one. */
export function sinkConformance(name: string, place: () => Promise<SinkPlace>, { describe, it }: Tester): void {
  describe(`the sink ${name}: as every sink`, () => {
    it('has the name it was opened by, and says when a result is safe', async () => {
      const { sink, uri } = await opened(place)
      assert.equal(sink.name, uri)
      assert.ok(['commit', 'write', 'close'].includes(sink.durable))
      assert.equal(sink.topic !== undefined, sink.durable === 'commit')
      await sink.close()
    })

    it('keeps any results to the last count, in order', async () => {
      await fc.assert(
        fc.asyncProperty(anyLanes, async (chains) => {
          const { sink, checkReceived } = await opened(place)
          for (const result of chains.flat()) await sink.write(result)
          await sink.close()
          await checkReceived(chains.flat())
        }),
        { numRuns: 25 },
      )
    })

    it('keeps the order of writes that are not awaited', async () => {
      const { sink, checkReceived } = await opened(place)
      const results = Array.from({ length: 300 }, (_, i) => chainedResult(i % 7 === 0 ? 5000 : 50, i))
      await Promise.all(results.map((result) => sink.write(result)))
      await sink.close()
      await checkReceived(results)
    })

    it('waits at close for writes that are not awaited', async () => {
      const { sink, checkReceived } = await opened(place)
      const results = Array.from({ length: 20 }, (_, i) => chainedResult(2000, i))
      const writes = results.map((result) => sink.write(result))
      await sink.close()
      await checkReceived(results)
      await Promise.all(writes)
    })

    it('closes with nothing written', async () => {
      const { sink, checkReceived } = await opened(place)
      await sink.close()
      await checkReceived([])
    })

    it('takes a result of 1 MB', async () => {
      const { sink, checkReceived } = await opened(place)
      const results = [HUGE, chainedResult(100, 1)]
      assert.ok(JSON.stringify(HUGE).length > 1_000_000)
      for (const result of results) await sink.write(result)
      await sink.close()
      await checkReceived(results)
    })

    it('keeps names of any script', async () => {
      const { sink, checkReceived } = await opened(place)
      const result = resultOf({ ...NO_ROWS, worker: 'Prüfstand µ → 漂移管 🙂 "\\ \u2028 \u0000 end' })
      await sink.write(result)
      await sink.close()
      await checkReceived([result])
    })

    it('leaves nothing behind when given up, or what is safe already', async () => {
      const { sink, checkReceived, remains } = await opened(place)
      const results = [chainedResult(100_000), chainedResult(100, 1)]
      for (const result of results) await sink.write(result)
      await sink.abort()
      if (sink.durable !== 'close') await checkReceived(results)
      else if (remains) assert.deepEqual(await remains(), [])
    })

    it('leaves nothing behind when given up before anything was written', async () => {
      const { sink, remains } = await opened(place)
      await sink.abort()
      if (sink.durable === 'close' && remains) assert.deepEqual(await remains(), [])
    })

    it('keeps what was closed when given up afterwards', async () => {
      const { sink, checkReceived } = await opened(place)
      await sink.write(chainedResult(100))
      await sink.close()
      await sink.abort()
      await checkReceived([chainedResult(100)])
    })

    it('refuses an option that it does not have', async () => {
      const at = await place()
      const uri = `${at.uri}${at.uri.includes('?') ? '&' : '?'}nonsense=1`
      await assert.rejects(openAt({ ...at, uri }), {
        name: 'ExpectedError',
        message: /has no option 'nonsense'/,
        exit: EXIT.usage,
      })
    })

    it('does not take a result before the place does, if that can be slow', async () => {
      const { sink, hold, checkReceived } = await opened(place)
      const release = (await hold?.()) ?? (() => {})
      let taken = 0
      const writes = [0, 1].map((i) => sink.write(chainedResult(20_000, i)).then(() => taken++))
      await sleep(50)
      if (hold) assert.equal(taken, 0)
      release()
      await Promise.all(writes)
      await sink.close()
      await checkReceived([chainedResult(20_000, 0), chainedResult(20_000, 1)])
    })

    it('counts what is written again once, if it says so', async () => {
      const { sink, at, checkReceived } = await opened(place)
      const results = [0, 1, 2].map((i) => chainedResult(1000, i))
      for (const result of results) await sink.write(result)
      if (!sink.idempotent) return sink.close()
      await sink.write(byAnother(results[1]))
      await sink.abort()
      // as after a crash: the lane is folded again by another worker, and goes on
      const next = await openAt(at)
      results.push(chainedResult(1000, 3))
      for (const result of results) await next.write(byAnother(result))
      await next.close()
      await checkReceived([...results.slice(0, 3), byAnother(results[3])])
    })

    it('counts what two write at once as one, if it says so', async () => {
      const { sink, at } = await opened(place)
      if (!sink.idempotent) return sink.close()
      const other = await openAt(at)
      const results = Array.from({ length: 40 }, (_, i) => chainedResult(i % 7 === 0 ? 5000 : 50, i))
      await Promise.all([
        ...results.map((result) => sink.write(result)),
        ...results.map((result) => other.write(byAnother(result))),
      ])
      await Promise.all([sink.close(), other.close()])
      const received = await at.received(sink)
      if (typeof received === 'number') assert.equal(received, results.length)
      else checkSame(received.map(anonymous).sort(byRange), results.map(anonymous))
    })
  })
}

async function opened(place: () => Promise<SinkPlace>) {
  const at = await place()
  const sink = await openAt(at)
  const checkReceived = async (results: readonly Result[]) => {
    const received = await at.received(sink)
    if (typeof received === 'number') assert.equal(received, results.length)
    else if (sink.idempotent) checkSame(received.sort(byRange), [...results].sort(byRange))
    else checkSame(received, results)
  }
  return { ...at, at, sink, checkReceived }
}

function openAt({ uri, spec, context }: SinkPlace): Promise<OpenedSink> {
  return openSink(uri, {
    log: () => Promise.reject(new Error('there is no log here')),
    stdout: process.stdout,
    group: 'test',
    ...context,
    plugged: spec ? [spec] : [],
  })
}

/** Not `deepEqual` of all, which takes minutes to tell the difference between results of a megabyte. */
function checkSame(received: readonly Result[], results: readonly Result[]): void {
  const numbers = (all: readonly Result[]) => all.map(({ msg_ID }) => msg_ID)
  assert.deepEqual(numbers(received), numbers(results))
  const different = results.findIndex((result, i) => !isDeepStrictEqual(received[i], result))
  assert.equal(different, -1, `result ${different} came to be another one`)
}

/** What up to two lanes of different partitions send. */
const anyLanes = fc.uniqueArray(anyChain(), { maxLength: 2, selector: ([first]) => laneOf(first) })

function laneOf(result: Result | undefined): string {
  return JSON.stringify(result?.source.map(sourceKey))
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

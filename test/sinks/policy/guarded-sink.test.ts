import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GuardedSink } from '../../../src/sinks/policy/guarded-sink.js'
import { openSink } from '../../../src/sinks/registry.js'
import type { SinkSpec } from '../../../src/sinks/sink.js'
import { type FlakySink, flakySink } from '../../support/flaky-sink.js'
import { noLog } from '../../support/no-log.js'
import { resultOfSize } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const RESULTS = Array.from({ length: 12 }, (_, i) => resultOfSize(50, i))
const numbers = ({ kept }: FlakySink) => kept.map(({ msg_ID }) => msg_ID)

type Failure = 'passing' | 'lasting' | undefined

/** A guarded sink with a clock that stands, and no waiting between tries. */
async function guardedBy(first: FlakySink, policy: Partial<GuardedSink['guard']['policy']>, second?: FlakySink) {
  const notices: string[] = []
  const clock = { ms: 0 }
  const open = ({ spec }: FlakySink, name: string) => openSink(name, { ...SURROUNDINGS, plugged: [spec] })
  const guard = {
    policy: { onFailure: 'retry' as const, retries: 2, fallback: undefined, ...policy },
    fallback: second && (await open(second, 'other:?retries=0')),
    onNotice: (sentence: string) => void notices.push(sentence),
    now: () => clock.ms,
    random: () => 0,
  }
  const uri = { text: 'flaky:', path: '', options: new URLSearchParams() }
  const sink = new GuardedSink(await first.spec.open(uri, SURROUNDINGS), guard)
  return { sink, notices, clock }
}

const SURROUNDINGS = { log: noLog, stdout: process.stdout, group: 'test' }

/** Fails as the list says, try by try, and then never. */
function failing(...failures: Failure[]): FlakySink {
  return flakySink('flaky', () => failures.shift())
}

describe('a sink that fails', () => {
  it('gets a result again when the failure may pass, the others behind it in their order', async () => {
    const flaky = failing('passing', 'passing', undefined, undefined, 'passing')
    const { sink, notices } = await guardedBy(flaky, {})
    await Promise.all(RESULTS.map((result) => sink.write(result)))
    await sink.close()
    expect(numbers(flaky)).toEqual(RESULTS.map(({ msg_ID }) => msg_ID))
    expect(sink.outcomes).toEqual({ name: 'flaky:', written: 12, retried: 3, fallenBack: 0, dropped: 0 })
    expect(notices).toEqual(['cannot write flaky:: it is away; it is tried again (retries=2)'])
  })

  it('ends it with one sentence when the tries are used up, and takes nothing behind the gap', async () => {
    const flaky = failing(undefined, 'passing', 'passing', 'passing')
    const { sink } = await guardedBy(flaky, {})
    const outcomes = await Promise.allSettled(RESULTS.map((result) => sink.write(result)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', ...Array(11).fill('rejected')])
    expect(outcomes[1]).toMatchObject({
      reason: {
        name: 'ExpectedError',
        message: 'cannot write flaky:: it is away (tried 3 times)',
        suggestions: ['start it', 'a larger retries=N in its URI tries for longer'],
      },
    })
    expect(numbers(flaky)).toEqual([0])
  })

  it('is not tried again where the failure lasts', async () => {
    const flaky = failing('lasting')
    const { sink } = await guardedBy(flaky, {})
    await expect(sink.write(RESULTS[0])).rejects.toThrow('flaky: does not like result 0')
    expect(flaky.tries).toBe(1)
  })

  it('loses nothing to a fallback: each result is in one of the two, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom<Failure>('passing', 'lasting', undefined)), async (failures) => {
        const flaky = failing(...failures)
        const other = flakySink('other', () => undefined)
        const { sink, clock } = await guardedBy(flaky, { onFailure: 'fallback', retries: 1 }, other)
        for (const result of RESULTS) {
          await sink.write(result)
          clock.ms += 2000
        }
        await sink.close()
        const [first, second] = [numbers(flaky), numbers(other)]
        expect([...first, ...second].sort((a, b) => a - b)).toEqual(RESULTS.map(({ msg_ID }) => msg_ID))
        for (const kept of [first, second]) expect(kept).toEqual([...kept].sort((a, b) => a - b))
        expect([sink.outcomes.written, sink.outcomes.fallenBack]).toEqual([first.length, second.length])
      }),
    )
  })

  it('rests once all tries have failed, is then tried once, and taken back when that succeeds', async () => {
    const flaky = failing('passing', 'passing', 'passing')
    const other = flakySink('other', () => undefined)
    const { sink, clock, notices } = await guardedBy(flaky, { onFailure: 'fallback', retries: 1 }, other)
    await sink.write(RESULTS[0])
    expect(flaky.tries).toBe(2)
    clock.ms = 4999
    await sink.write(RESULTS[1])
    expect(flaky.tries).toBe(2)
    clock.ms = 5000
    await sink.write(RESULTS[2])
    expect(flaky.tries).toBe(3)
    clock.ms = 10_000
    await sink.write(RESULTS[3])
    await sink.write(RESULTS[4])
    expect([numbers(flaky), numbers(other)]).toEqual([
      [3, 4],
      [0, 1, 2],
    ])
    expect(sink.outcomes).toEqual({ name: 'flaky:', written: 2, retried: 1, fallenBack: 3, dropped: 0 })
    expect(notices).toEqual([
      'cannot write flaky:: it is away; it is tried again (retries=1)',
      'cannot write flaky:: it is away (tried 2 times); what it does not take goes to other:?retries=0',
    ])
  })

  it('fails with the fallback, where that fails too', async () => {
    const { sink } = await guardedBy(failing('lasting'), { onFailure: 'fallback' }, failing2())
    await expect(sink.write(RESULTS[0])).rejects.toThrow('other:?retries=0 does not like result 0')
    expect(sink.outcomes).toMatchObject({ written: 0, fallenBack: 0 })
  })

  it('drops what it does not take, and counts it', async () => {
    const flaky = failing(undefined, 'lasting', undefined, 'lasting', 'lasting')
    const { sink, notices } = await guardedBy(flaky, { onFailure: 'drop' })
    for (const result of RESULTS) await sink.write(result)
    expect(numbers(flaky)).toEqual([0, 2, 5, 6, 7, 8, 9, 10, 11])
    expect(sink.outcomes).toEqual({ name: 'flaky:', written: 9, retried: 0, fallenBack: 0, dropped: 3 })
    expect(notices).toEqual(['flaky: does not like result 1; what it does not take is dropped, and counted'])
  })

  it('can be given up while it is tried again, or hangs', async () => {
    const away = flakySink('flaky', () => 'passing')
    const sink = await openSink('flaky:?retries=1000', { ...SURROUNDINGS, plugged: [away.spec] })
    const writing = sink.write(RESULTS[0]).catch((error: Error) => error)
    while (away.tries === 0) await sleep(1)
    await sink.abort()
    expect(await writing).toMatchObject({ message: 'flaky:?retries=1000 was given up' })
    const hangs = await openSink('hangs:', { ...SURROUNDINGS, plugged: [hanging] })
    void hangs.write(RESULTS[0])
    await hangs.abort()
    expect(hangs.outcomes).toMatchObject({ written: 0 })
  })
})

describe('a sink to which order does not matter', () => {
  it('gets several results at once, tells a failure to its caller alone, and is closed when all are through', async () => {
    const flaky = failing(undefined, 'lasting')
    const { open } = flaky.spec
    const spec: SinkSpec = {
      ...flaky.spec,
      open: async (uri, context) => ({ ...(await open(uri, context)), inAnyOrder: true }),
    }
    const sink = await openSink('flaky:', { ...SURROUNDINGS, plugged: [spec] })
    const writing = RESULTS.map((result) => sink.write(result))
    expect(flaky.tries).toBe(RESULTS.length)
    const outcomes = Promise.allSettled(writing)
    await sink.close()
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      ...Array(10).fill('fulfilled'),
    ])
    expect(sink.outcomes).toMatchObject({ written: 11 })
  })
})

function failing2(): FlakySink {
  return flakySink('other', () => 'lasting')
}

const hanging: SinkSpec = {
  scheme: 'hangs',
  usage: 'hangs:',
  summary: 'a sink that takes nothing, and does not say so',
  options: {},
  async open({ text }) {
    return {
      ...{ name: text, durable: 'write' as const },
      write: () => new Promise(() => undefined),
      close: async () => undefined,
      abort: async () => undefined,
    }
  },
}

describe('a policy is refused', () => {
  it.each([
    ['results.ndjson', 'drop', 'it cannot go on with on-failure=drop'],
    ['results.ndjson', 'fallback&fallback=null:', 'it cannot go on with on-failure=fallback'],
  ])('for %s and %s, which would lose all for one', async (file, way, message) => {
    const uri = `file:${await temporaryFolder()}/${file}?on-failure=${way}`
    await expect(openSink(uri, SURROUNDINGS)).rejects.toThrow(message)
  })

  it('with a fallback that is safe only when closed, or falls back itself', async () => {
    const file = `file:${await temporaryFolder()}/results.ndjson`
    const uri = (fallback: string) => `null:?on-failure=fallback&fallback=${encodeURIComponent(fallback)}`
    await expect(openSink(uri(file), SURROUNDINGS)).rejects.toThrow('so it is no fallback')
    await expect(openSink(uri('null:?on-failure=drop'), SURROUNDINGS)).rejects.toThrow(
      'null:?on-failure=drop is a fallback itself, and cannot have on-failure=drop',
    )
  })

  it('of a topic, which is written in the commit of its lane', async () => {
    await expect(openSink('topic:x?retries=1', SURROUNDINGS)).rejects.toThrow("topic: has no option 'retries'")
  })
})

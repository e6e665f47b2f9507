import { describe, expect, it } from 'vitest'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { ExpectedError, isTransient } from '../../src/errors.js'
import { sourceWithSentences, withSentences } from '../../src/plugins/sentences.js'
import type { Sink, SinkSpec } from '../../src/sinks/sink.js'
import type { SourceSpec } from '../../src/sources/source.js'
import { noLog } from '../support/no-log.js'
import { resultOfSize } from '../support/results.js'

const CONTEXT = { log: noLog, stdout: process.stdout, group: 'test', run: DEFAULT_RUN }
const URI = { text: 'foo:bar', path: 'bar', options: new URLSearchParams() }
const DESCRIBED = { scheme: 'foo', usage: 'foo:', summary: 'x', options: {} }

/** As a class of another copy of dtstream: known by what it carries alone. */
class ExpectedErrorElsewhere extends Error {
  override readonly name = 'ExpectedError'
  readonly suggestions = ['plug it in']
  readonly exit = 1
  readonly transient = true
}

async function failureOf(error: unknown): Promise<unknown> {
  const fails = async () => {
    throw error
  }
  const open = async (): Promise<Sink> => ({
    name: 'foo:bar',
    durable: 'write',
    write: fails,
    close: fails,
    abort: fails,
  })
  const sink = await withSentences({ ...DESCRIBED, open }, 'foo@1.0.0').open(URI, CONTEXT)
  return sink.write(resultOfSize(10)).catch((failure: unknown) => failure)
}

describe("a plug-in's failure", () => {
  it('is a sentence that names the plug-in, whatever was thrown', async () => {
    const error = new TypeError('x is not a function')
    expect(await failureOf(error)).toMatchObject({
      name: 'ExpectedError',
      message: 'foo@1.0.0: x is not a function',
      cause: error,
    })
    expect(await failureOf('a text')).toMatchObject({ name: 'ExpectedError', message: 'foo@1.0.0: a text' })
    expect(await failureOf(undefined)).toMatchObject({ name: 'ExpectedError', message: 'foo@1.0.0: undefined' })
  })

  it('may pass, if it says so', async () => {
    expect(isTransient(await failureOf(Object.assign(new Error('away'), { transient: true })))).toBe(true)
    expect(isTransient(await failureOf(new Error('broken')))).toBe(false)
  })

  it('stays the sentence that it is, also of another copy of dtstream', async () => {
    const own = new ExpectedError('cannot write foo', ['try bar'])
    expect(await failureOf(own)).toBe(own)
    const other = await failureOf(new ExpectedErrorElsewhere('cannot write foo'))
    expect(other).toBeInstanceOf(ExpectedError)
    expect(other).toMatchObject({ message: 'cannot write foo', suggestions: ['plug it in'], transient: true })
  })

  it('in opening, and in reading a source, is one too', async () => {
    const open = async () => {
      throw new Error('no server')
    }
    await expect(withSentences({ ...DESCRIBED, open }, 'foo@1.0.0').open(URI, CONTEXT)).rejects.toThrow(
      'foo@1.0.0: no server',
    )
    const spec: SourceSpec = {
      ...DESCRIBED,
      async parts() {
        return [
          {
            ...{ name: 'a', id: 'a', unit: 'row', size: undefined },
            // biome-ignore lint/correctness/useYield: it fails before it has anything
            async *read() {
              throw new Error('cut off')
            },
          },
        ]
      },
    }
    const [part] = await sourceWithSentences(spec, 'foo@1.0.0').parts(URI, CONTEXT)
    await expect(part.read(0, createRowBuffer(64)).next()).rejects.toThrow('foo@1.0.0: cut off')
  })
})

describe("a plug-in's sink", () => {
  const opened = (sink: unknown) =>
    withSentences({ ...DESCRIBED, open: async () => sink } as SinkSpec, 'foo@1.0.0').open(URI, CONTEXT)
  const nothing = async () => undefined

  it.each([
    [undefined, 'foo@1.0.0, foo: gave a sink without write()'],
    [{ name: 'x', durable: 'write', write: nothing, close: nothing }, 'foo@1.0.0, foo: gave a sink without abort()'],
    [
      { durable: 'write', write: nothing, close: nothing, abort: nothing },
      'foo@1.0.0, foo: gave a sink without a name',
    ],
    [
      { name: 'x', durable: 'commit', write: nothing, close: nothing, abort: nothing },
      "foo@1.0.0, foo: gave a sink that is durable on 'commit', not on 'write' or 'close'",
    ],
  ])('is refused where it lacks something: %j', async (sink, message) => {
    await expect(opened(sink)).rejects.toMatchObject({ name: 'ExpectedError', message })
  })

  it('may be of a class, whose methods are not its own', async () => {
    class Counting {
      name = 'foo:bar'
      durable = 'write'
      count = 0
      async write() {
        this.count++
      }
      async close() {}
      async abort() {}
    }
    const counting = new Counting()
    const sink = await opened(counting)
    await sink.write(resultOfSize(10))
    expect([counting.count, sink.idempotent, sink.inAnyOrder]).toEqual([1, false, false])
  })
})

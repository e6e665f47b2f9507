import { ExpectedError, isTransient, TransientError } from '../errors.js'
import type { Sink, SinkSpec } from '../sinks/sink.js'
import type { SourcePart, SourceSpec } from '../sources/source.js'

/** A plug-in's sink whose failures name the plug-in, whatever it throws. */
export function withSentences(spec: SinkSpec, plugin: string): SinkSpec {
  const told = telling(plugin)
  return {
    ...specOf(spec),
    open: async (uri, context) => {
      const sink = await told(() => spec.open(uri, context))
      checkSink(sink, `${plugin}, ${spec.scheme}:`)
      return sinkOf(sink, told)
    },
  }
}

/** A plug-in's source whose failures name the plug-in, whatever it throws. */
export function sourceWithSentences(spec: SourceSpec, plugin: string): SourceSpec {
  const told = telling(plugin)
  return {
    ...specOf(spec),
    parts: async (uri, context) =>
      (await told(() => spec.parts(uri, context))).map((part) => partOf(part, (error) => asSentence(error, plugin))),
  }
}

const METHODS = ['write', 'close', 'abort'] as const

function checkSink(sink: Sink, who: string): void {
  const missing = METHODS.find((name) => typeof sink?.[name] !== 'function')
  if (missing) throw new ExpectedError(`${who} gave a sink without ${missing}()`)
  if (typeof sink.name !== 'string') throw new ExpectedError(`${who} gave a sink without a name`)
  if (sink.durable !== 'write' && sink.durable !== 'close')
    throw new ExpectedError(`${who} gave a sink that is durable on '${sink.durable}', not on 'write' or 'close'`)
}

type Told = <T>(step: () => Promise<T>) => Promise<T>

function specOf({ scheme, usage, summary, options }: Omit<SinkSpec, 'open'>): Omit<SinkSpec, 'open'> {
  return { scheme, usage, summary, options }
}

/** Made anew, because a sink may be of a class, whose methods are not its own. */
function sinkOf(sink: Sink, told: Told): Sink {
  return {
    name: sink.name,
    durable: sink.durable,
    idempotent: sink.idempotent ?? false,
    inAnyOrder: sink.inAnyOrder ?? false,
    write: (result) => told(() => sink.write(result)),
    close: () => told(() => sink.close()),
    abort: () => told(() => sink.abort()),
  }
}

function partOf(part: SourcePart, sentence: (error: unknown) => Error): SourcePart {
  return {
    name: part.name,
    id: part.id,
    unit: part.unit,
    size: part.size,
    ...(part.stored ? { stored: part.stored } : {}),
    async *read(position, rows) {
      try {
        yield* part.read(position, rows)
      } catch (error) {
        throw sentence(error)
      }
    },
  }
}

function telling(plugin: string): Told {
  return async (step) => {
    try {
      return await step()
    } catch (error) {
      throw asSentence(error, plugin)
    }
  }
}

/** A plug-in may have classes of errors of its own, or of another copy of dtstream: what they are is told by their fields. */
function asSentence(error: unknown, plugin: string): ExpectedError {
  if (error instanceof ExpectedError) return error
  const { name, message, suggestions, exit } = (error ?? {}) as Partial<ExpectedError>
  const isSentence = name === 'ExpectedError' && Array.isArray(suggestions)
  const text = message || String(error)
  const Kind = isTransient(error) ? TransientError : ExpectedError
  const sentence = isSentence ? new Kind(text, suggestions, exit) : new Kind(`${plugin}: ${text}`)
  return Object.assign(sentence, { cause: error })
}

import path from 'node:path'
import type { Result } from '../core/results/result.js'
import { EXIT, ExpectedError } from '../errors.js'
import { InOrder } from './in-order.js'
import type { Sink, SinkSpec, SinkUri } from './sink.js'
import { WholeFile } from './whole-file.js'

export const spec: SinkSpec = {
  scheme: 'file',
  usage: 'file:PATH (.ndjson, .jsonl or .arrow; a bare path means this)',
  summary: 'a file, there whole or not at all: NDJSON, or a table in an Arrow IPC file for pandas, polars and the like',
  options: { overwrite: '`true` replaces the file if it exists; else it is refused' },
  async open(uri) {
    const encoderOf = ENCODERS[path.extname(uri.path)]
    if (!encoderOf) throw unknownKind(uri)
    const overwrite = booleanOption(uri, 'overwrite')
    const encoder = await encoderOf()
    return fileSink(uri.text, await WholeFile.create(uri.path, { overwrite }), encoder)
  },
}

/** Results into bytes: those to be written after one more result, and those at the end. */
interface Encoder {
  add(result: Result): readonly (string | Uint8Array)[]
  finish(): readonly (string | Uint8Array)[]
}

const NDJSON: Encoder = {
  add: (result) => [`${JSON.stringify(result)}\n`],
  finish: () => [],
}

/** The kinds of file, by extension. */
const ENCODERS: Record<string, () => Promise<Encoder>> = {
  '.ndjson': async () => NDJSON,
  '.jsonl': async () => NDJSON,
  '.arrow': async () => (await import('./arrow-encoder.js')).createArrowEncoder(),
}

function fileSink(name: string, file: WholeFile, encoder: Encoder): Sink {
  const order = new InOrder()
  const append = async (pieces: readonly (string | Uint8Array)[]) => {
    for (const piece of pieces) await file.append(piece)
  }
  return {
    name,
    durable: 'close',
    write: (result) => order.run(() => append(encoder.add(result))),
    close: () =>
      order.run(async () => {
        await append(encoder.finish())
        await file.publish()
      }),
    async abort() {
      await order.settled()
      await file.discard()
    },
  }
}

function unknownKind({ text, path: file }: SinkUri): ExpectedError {
  const extension = path.extname(file)
  const what = extension
    ? `${extension} is none of the kinds of file`
    : 'it has no extension that says which kind of file'
  return new ExpectedError(
    `${text}: ${what} that results are written to`,
    [`name it ${Object.keys(ENCODERS).join(', ')}`],
    EXIT.usage,
  )
}

function booleanOption({ text, options }: SinkUri, name: string): boolean {
  const value = options.get(name) ?? 'false'
  if (value === 'true' || value === 'false') return value === 'true'
  throw new ExpectedError(`${text}: ${name} is 'true' or 'false', not '${value}'`, [], EXIT.usage)
}

import type { Result } from '../../core/results/result.js'
import { DEFAULT_RUN, type RunFile } from '../../core/run-file/run-file.js'

/** Results into the bytes of one file, piece by piece. */
export interface Encoder {
  /** Takes a result; gives what is to be written by now. */
  add(result: Result): Uint8Array[]
  /** The rest of the file. */
  finish(): Promise<Uint8Array[]>
}

/** The formats of single results and of all results in files, as a URI's `format` names them. */
export const FORMATS = ['ndjson', 'arrow', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** The formats of one file that has the sum of all results, for other programs. */
export type SumFormat = 'root.json' | 'uhi.json'

/** The format that a file's extension means. */
export const FORMAT_OF_EXTENSION: Readonly<Record<string, Format | SumFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.arrow': 'arrow',
  '.parquet': 'parquet',
  '.root.json': 'root.json',
  '.uhi.json': 'uhi.json',
}

/** The encoder of a file with all results, or their sum. @param run whose results they are */
export async function createFileEncoder(format: Format | SumFormat, run: RunFile = DEFAULT_RUN): Promise<Encoder> {
  if (format !== 'root.json' && format !== 'uhi.json') return createEncoder(format)
  const { createSumEncoder } = await import('./sum.js')
  return format === 'root.json'
    ? createSumEncoder((await import('../../core/interchange/root.js')).rootJson, run)
    : createSumEncoder((await import('../../core/interchange/uhi.js')).uhiJson, run)
}

/** A new encoder for each file; libraries load with the first of their format. */
async function createEncoder(format: Format): Promise<Encoder> {
  switch (format) {
    case 'ndjson':
      return NDJSON
    case 'arrow':
      return (await import('./arrow.js')).createArrowEncoder()
    case 'parquet':
      return (await import('./parquet.js')).createParquetEncoder()
  }
}

/** The bytes of a file with just these results. */
export async function encodeResults(format: Format, results: readonly Result[]): Promise<Uint8Array> {
  const encoder = await createEncoder(format)
  const pieces = results.flatMap((result) => encoder.add(result))
  return Buffer.concat([...pieces, ...(await encoder.finish())])
}

const NDJSON: Encoder = {
  add: (result) => [Buffer.from(`${JSON.stringify(result)}\n`)],
  finish: async () => [],
}

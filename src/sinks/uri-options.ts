import path from 'node:path'
import { EXIT, ExpectedError } from '../errors.js'
import { FORMAT_OF_EXTENSION, FORMATS, type Format, type SumFormat } from './encoders/encoder.js'
import type { SinkUri } from './sink.js'

/** What a URI's `format` says of one file a result; NDJSON where it says nothing. */
export function formatOption({ text, options }: SinkUri): Format {
  const value = options.get('format') ?? 'ndjson'
  const format = FORMATS.find((one) => one === value)
  if (format) return format
  throw new ExpectedError(`${text}: format is ${FORMATS.join(', ')}, not '${value}'`, [], EXIT.usage)
}

/** The format of the one file that a URI names. */
export function formatOfExtension({ text, path: file }: SinkUri): Format | SumFormat {
  // some have two dots; a name that is nothing but an extension has none
  const known = Object.entries(FORMAT_OF_EXTENSION).find(([end]) => file.endsWith(end) && path.basename(file) !== end)
  if (known) return known[1]
  const extension = path.extname(file)
  const what = extension
    ? `${extension} is none of the kinds of file`
    : 'it has no extension that says which kind of file'
  throw new ExpectedError(
    `${text}: ${what} that results are written to`,
    [`name it ${Object.keys(FORMAT_OF_EXTENSION).join(', ')}`, 'end it in / for one file a result'],
    EXIT.usage,
  )
}

/** @throws ExpectedError where the URI has this option, which makes no sense beside what `why` says */
export function refuseOption({ text, options }: SinkUri, name: string, why: string): void {
  if (options.has(name)) throw new ExpectedError(`${text}: ${name} means nothing here: ${why}`, [], EXIT.usage)
}

/** `true` or `false`; without it false. */
export function booleanOption({ text, options }: SinkUri, name: string): boolean {
  const value = options.get(name) ?? 'false'
  if (value === 'true' || value === 'false') return value === 'true'
  throw new ExpectedError(`${text}: ${name} is 'true' or 'false', not '${value}'`, [], EXIT.usage)
}

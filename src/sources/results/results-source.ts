import type { Result } from '../../core/results/result.js'
import type { Log } from '../../log/log.js'
import type { S3Settings } from '../../s3/settings.js'
import type { Uri } from '../../uri.js'
import type { Foreign } from './foreign.js'

/** Where results are read from. Every source of results is one file that exports this, listed in `read-results.ts`. */
export interface ResultsSource {
  /** `file` of `file:PATH` */
  scheme: string
  /** how a URI of it is written, for help */
  usage: string
  /** one line for help and docs */
  summary: string
  /** options in the URI's query, each described */
  options: Record<string, string>
  read(uri: Uri, context: ResultsContext): AsyncIterable<Result>
}

export interface ResultsContext {
  /** opens the log that the command works on */
  log(): Promise<Log>
  /** how S3 is reached; without it, as the environment says */
  s3?: S3Settings
  /** told of whatever is no result; it is passed over */
  onForeign(foreign: Foreign): void
}

import type { Result } from '../core/results/result.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { Log } from '../log/log.js'
import type { S3Settings } from '../s3/settings.js'

/** Where results go. Every sink is one file that exports a `SinkSpec`, listed in `registry.ts`. */
export interface SinkSpec {
  /** `file` of `file:PATH` */
  scheme: string
  /** how a URI of it is written, for help: `file:PATH` */
  usage: string
  /** one line for help and docs */
  summary: string
  /** options in the URI's query, each described */
  options: Record<string, string>
  open(uri: SinkUri, context: SinkContext): Promise<Sink>
}

export interface SinkUri {
  /** the URI as it was given */
  text: string
  /** what follows the scheme, without the query */
  path: string
  options: URLSearchParams
}

export interface SinkContext {
  /** opens the log that the command works on */
  log(): Promise<Log>
  stdout: NodeJS.WritableStream
  /** whose results these are: the group of `process`, else the command's name; for sinks that name what they write */
  group: string
  /** the run whose results they are, for what is laid out by its geometry; without it the built-in default */
  run?: RunFile
  /** how S3 is reached; without it, as the environment says */
  s3?: S3Settings
}

export interface SinkTopic {
  name: string
  /** the largest message that it takes */
  maxMessageBytes: number
}

export interface Sink {
  /** the URI, for messages */
  readonly name: string
  /**
   * When what was written cannot be lost any more: with the lane's own commit (a topic of the same log: the lane puts
   * the result into its transaction instead of calling `write`), once `write` resolves, or only when `close` resolves.
   */
  readonly durable: 'commit' | 'write' | 'close'
  /**
   * What is written again counts once: a result of the same lane and range that was written before changes nothing. Lanes
   * announce what they are about to write to such a sink, so that it is the same again after a crash, count for count.
   */
  readonly idempotent?: boolean
  /** Results may come in any order, and several at once: the sink sees to it that they are not too many. */
  readonly inAnyOrder?: boolean
  /** the topic, where `durable` is `commit` */
  readonly topic?: SinkTopic
  /**
   * Resolves when the place has the result. Unless `inAnyOrder`, the next call comes when the last has ended.
   * @throws TransientError where another try may succeed: it is made then, with the same result; any other error where not
   */
  write(result: Result): Promise<void>
  /** finishes; what was written is whole afterwards */
  close(): Promise<void>
  /** gives up; a sink that is durable on `close` leaves nothing behind */
  abort(): Promise<void>
}

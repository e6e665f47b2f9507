import type { RowBuffer } from '../core/rows/row-buffer.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { Log } from '../log/log.js'
import type { S3Settings } from '../s3/settings.js'

/** Where rows come from, if not from a topic. Every source is one file that exports a `SourceSpec`, listed in `registry.ts`. */
export interface SourceSpec {
  /** `file` of `file:PATH` */
  scheme: string
  /** how a URI of it is written, for help */
  usage: string
  /** one line for help and docs */
  summary: string
  /** options in the URI's query, each described */
  options: Record<string, string>
  /** the parts of the source, in the order in which they are read */
  parts(uri: SourceUri, context: SourceContext): Promise<SourcePart[]>
}

export interface SourceUri {
  /** the URI as it was given */
  text: string
  /** what follows the scheme, without the query */
  path: string
  options: URLSearchParams
}

export interface SourceContext {
  run: RunFile
  /** opens the log that the command works on */
  log(): Promise<Log>
  /** how S3 is reached; without it, as the environment says */
  s3?: S3Settings
  /** where it aborts, what a read waits for (a store that is away) is given up */
  signal?: AbortSignal
  /** told, in a sentence, what a user should know of the source */
  onNotice?(text: string): void
}

/** A file, an object, a simulation: something with a name and positions in it. */
export interface SourcePart {
  /** as the user would call it */
  readonly name: string
  /** what no other part has, wherever it is named from: an absolute path, a URI */
  readonly id: string
  /** what positions count: rows for Arrow and simulations */
  readonly unit: 'byte' | 'row'
  /** in units of position, where it is known beforehand; undefined for a compressed file */
  readonly size: number | undefined
  /** of what is stored in bytes: how many there are, and how many come before a position that has been read, for a bar */
  readonly stored?: { readonly size: number; readTo(position: number): number }
  /**
   * Reads on from a position that an earlier read came to, a block at a time into `rows`, which is used again for the next one.
   * @throws ExpectedError where the part cannot be read, or ends before the position; it names the part
   */
  read(position: number, rows: RowBuffer): AsyncGenerator<SourceBlock, void, void>
}

/**
 * Some rows of a part. Row i lies at positions [base + rows.start[i], base + rows.end[i]), a malformed record likewise;
 * reading on from a row's end gives what stands behind the row, and nothing else.
 */
export interface SourceBlock {
  rows: RowBuffer
  /** the text that rows.start and rows.end point into; undefined where rows are not text */
  text: Uint8Array | undefined
  base: number
  /** where reading goes on after the block */
  next: number
  /** all orbits so far are complete: the block has no rows, and is as long as one */
  endsRun?: boolean
}

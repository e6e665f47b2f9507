import type { RunFile } from '../core/run-file/run-file.js'
import type { Log } from '../log/log.js'
import type { SourcePart } from '../sources/source.js'
import type { PaceOptions } from './due-rows.js'
import type { ReplayProgress } from './replay-progress.js'
import type { RowFormat } from './row-formats.js'

export interface ReplayOptions extends PaceOptions {
  log: Log
  topic: string
  partitions: number
  parts: readonly SourcePart[]
  run: RunFile
  format: RowFormat
  /** rows in all, those of earlier calls that this one resumes counted in */
  limit: number
  /** begin again when the source ends */
  loop: boolean
  /** where progress is recorded, in the same transaction as the rows */
  progressKey: string
  /** where an earlier replay came to */
  from?: ReplayProgress
  onProgress(progress: ReplayProgress): void
}

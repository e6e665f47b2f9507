import type { HitColumns } from '../../core/hits/hit-columns.js'
import type { Result } from '../../core/results/result.js'

/** The hits and scintillator signals among the rows that a result covers. */
export interface HitsPart {
  /** of the same rows: it names their lane and range */
  result: Pick<Result, 'source' | 'geometry' | 'orbits'>
  hits: HitColumns
}

/** Where cleansed hits go, part by part. A part that is written again changes nothing: it is there once. */
export interface HitsSink {
  /** the URI, for messages */
  readonly name: string
  /** Resolves when the part is there for good. May be called again after a failure. */
  write(part: HitsPart): Promise<void>
  close(): Promise<void>
  /** gives up; what is safe stays */
  abort(): Promise<void>
}

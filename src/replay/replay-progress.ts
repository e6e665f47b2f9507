import type { SourcePosition } from '../sources/read-parts.js'

/** How far a replay has come; recorded in the log with every append. */
export interface ReplayProgress {
  /** rows sent */
  rows: number
  /** records sent that could not be read */
  malformed: number
  /** where the source is read on */
  position: SourcePosition
  /** times the source has been sent whole */
  loops: number
  /** the end marks are sent */
  done: boolean
}

export const START: ReplayProgress = { rows: 0, malformed: 0, position: { part: 0, at: 0 }, loops: 0, done: false }

/** The key of a replay's progress: the same sources into the same topic are the same replay. */
export function progressKey(topic: string, sources: readonly string[]): string {
  return `replay ${topic} ${JSON.stringify(sources)}`
}

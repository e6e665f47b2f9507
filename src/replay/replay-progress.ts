import path from 'node:path'
import { ExpectedError } from '../errors.js'
import type { Log, TopicInfo } from '../log/log.js'
import type { SourcePosition } from '../sources/read-parts.js'
import type { SourcePart } from '../sources/source.js'
import { parseUri } from '../uri.js'

/** How far a replay has come; recorded in the log with every append. */
export interface ReplayProgress {
  /** rows sent */
  rows: number
  /** records sent that could not be read */
  malformed: number
  /** where the source is read on */
  position: SourcePosition & {
    /** of the part */
    id: string
  }
  /** times the source has been sent whole */
  loops: number
  /** the end marks are sent behind the last row */
  done: boolean
}

/** The progress of a replay that has sent nothing yet. */
export function startOf(parts: readonly SourcePart[]): ReplayProgress {
  return { rows: 0, malformed: 0, position: { part: 0, id: parts[0]?.id ?? '', at: 0 }, loops: 0, done: false }
}

/** What was sent between two points of a replay's progress; undefined stands for its beginning. */
export function sentSince(
  from: ReplayProgress | undefined,
  to: ReplayProgress | undefined,
): { sent: number; malformed: number } {
  return {
    sent: (to?.rows ?? 0) - (from?.rows ?? 0),
    malformed: (to?.malformed ?? 0) - (from?.malformed ?? 0),
  }
}

/** The key of a replay's progress: the same sources, wherever they are named from, into the same topic are the same replay. */
export function progressKey(topic: string, sources: readonly string[]): string {
  return `replay ${topic} ${JSON.stringify(sources.map(fromAnywhere))}`
}

function fromAnywhere(source: string): string {
  const uri = parseUri(source)
  return uri.scheme === 'file' ? `file:${path.resolve(uri.path)}` : source
}

/**
 * Where the last replay came to; undefined where there was none, it sent nothing, or its topic has been made anew.
 * @throws ExpectedError where the source has another part now where that replay stopped
 */
export async function lastProgress(
  log: Log,
  topic: TopicInfo,
  key: string,
  parts: readonly SourcePart[],
): Promise<ReplayProgress | undefined> {
  const last = (await log.progress(key, topic.name)) as ReplayProgress | undefined
  const isEmpty = topic.offsets.every(({ end }) => end === 0)
  if (!last || isEmpty || (last.rows === 0 && last.malformed === 0)) return undefined
  const { part, id } = last.position
  if (parts[part]?.id === id) return last
  throw new ExpectedError(`the replay stopped in ${id}, and in its place is ${parts[part]?.id ?? 'nothing'} now`, [
    'name the same sources as before, or start again without --resume',
  ])
}

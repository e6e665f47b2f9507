import { parseRecordedName } from '../core/hits/recording.js'
import { rowsPart } from './formats/rows-part.js'
import type { SourceContext, SourcePart } from './source.js'
import type { Stored } from './stored.js'

/** Folders in which recorded hits are, as a glob. */
export const RECORDED_BELOW = 'run=*/hour=*/'

/**
 * Files or objects as parts of a source: each that holds rows by itself, and one for all recorded hits among them.
 * @param place where they are, as no other place is called
 */
export async function rowParts(all: readonly Stored[], place: string, context: SourceContext): Promise<SourcePart[]> {
  const recorded = all.flatMap((stored) => {
    // a file may be named from within its folder
    const file = parseRecordedName(stored.name) ?? parseRecordedName(stored.id)
    return file ? [{ ...file, stored }] : []
  })
  const isRecorded = new Set(recorded.map(({ stored }) => stored))
  const parts = all.filter((stored) => !isRecorded.has(stored)).map((stored) => rowsPart(stored, context))
  if (recorded.length === 0) return parts
  const { recordedHits } = await import('./hits/recorded-hits.js')
  return [...parts, recordedHits(place, recorded, context)]
}

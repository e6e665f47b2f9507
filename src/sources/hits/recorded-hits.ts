import { planRecording } from '../../core/hits/recording.js'
import { contentDigest } from '../../core/results/file-names.js'
import { createChamberMap } from '../../core/run-file/chamber-map.js'
import { geometryDigest } from '../../core/run-file/geometry-digest.js'
import { mergedBlocks } from '../merge/merged-blocks.js'
import type { SourceContext, SourcePart } from '../source.js'
import { RecordedLane, type StoredHits } from './recorded-lane.js'

/**
 * Recorded hits as rows: the lanes of the recording are merged in the order of their orbits, run by run.
 * @param place where the files are, as no other place is called
 * @throws ExpectedError where files overlap, or are of several recordings
 */
export function recordedHits(
  place: string,
  files: readonly StoredHits[],
  { run, onNotice }: SourceContext,
): SourcePart {
  const { name, runs, lanes, gaps } = planRecording(files)
  for (const gap of gaps) onNotice?.(gap)
  const context = {
    run,
    map: createChamberMap(run),
    geometry: geometryDigest(run),
  }
  return {
    name: `hits of ${name} in ${place}`,
    // positions count rows through all files: with another file they are others
    id: `hits of ${name} in ${place} ${contentDigest(...files.map(({ stored }) => `${stored.id}\n`))}`,
    unit: 'row',
    size: undefined,
    read: (position, rows) =>
      mergedBlocks(
        lanes.map((lane) => new RecordedLane(lane, runs, context)),
        run,
        position,
        rows,
        place,
      ),
  }
}

import type { HitRecorder } from '../core/hits/hit-recorder.js'
import type { FoldOptions } from '../core/orbits/lane-fold.js'
import { createChamberMap } from '../core/run-file/chamber-map.js'
import type { RunFile } from '../core/run-file/run-file.js'

/** What a fold needs to be set up, as it can be sent to a worker thread. */
export interface FoldSettings {
  run: RunFile
  /** digest of the run file's content */
  geometry: string
  /** orbits */
  grace: number
  orbitDetail: boolean
}

export const DEFAULT_GRACE_ORBITS = 2048
export const LARGEST_GRACE_ORBITS = 2 ** 20

export function foldOptions({
  run,
  grace,
  orbitDetail,
  recorder,
}: FoldSettings & { recorder?: HitRecorder | undefined }): FoldOptions {
  return { run, map: createChamberMap(run), grace, orbitDetail, recorder }
}

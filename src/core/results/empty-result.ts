import { geometryDigest } from '../run-file/geometry-digest.js'
import type { RunFile } from '../run-file/run-file.js'
import type { Result } from './result.js'
import { Tally } from './tally.js'

/** The sum of no results: all counts are 0, and it covers nothing. */
export function emptyResult(run: RunFile): Result {
  const interval = { start: '', end: '' }
  const label = { msg_ID: 0, worker: '', interval, source: [], geometry: geometryDigest(run), run: 0 }
  return new Tally(run, false).take(label)
}

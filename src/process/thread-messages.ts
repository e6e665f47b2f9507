import type { LaneLease, LogPlace } from '../log/log.js'
import type { HitsContext } from '../sinks/hits/registry.js'
import type { LaneCounts } from './lane-counts.js'
import type { CommitTimes, Delivered, LaneOptions } from './lane-runner.js'
import type { MalformedSample } from './malformed-samples.js'

/** URIs of sinks of hits, and what they are opened with beside the run. */
export interface HitsPlaces extends Omit<HitsContext, 'run'> {
  uris: readonly string[]
}

/** What a worker thread is started with. */
export interface WorkerStart {
  log: LogPlace
  /** results go to the main thread too, for sinks that are no topics */
  delivers: boolean
  /** where the thread itself writes hits */
  hitsTo: HitsPlaces | undefined
  lane: LaneOptions
}

/** From the main thread to a worker. `flush`: send the last results; `finish`: commit what was held back, and end; `end`: as it is. */
export type ToWorker =
  | { type: 'open'; lease: LaneLease; delivered: Delivered | undefined }
  | { type: 'drop'; partition: number }
  | { type: 'written'; id: number }
  | { type: 'flush' }
  | { type: 'finish' }
  | { type: 'end' }

/** From a worker to the main thread. */
export type FromWorker =
  | { type: 'result'; id: number; lease: LaneLease; delivered: Delivered }
  | { type: 'counts'; lanes: LaneCounts[] }
  | { type: 'committed'; times: CommitTimes }
  | { type: 'malformed'; samples: MalformedSample[] }
  | { type: 'warning'; text: string }
  /** the lane could not be opened or committed to */
  | { type: 'lost'; lease: LaneLease; why: string }
  | { type: 'flushed' }
  | { type: 'finished' }
  /** nothing that another worker could do better: the whole run ends */
  | { type: 'refused'; message: string; suggestions: string[] }

import { geometryDigest } from '../core/run-file/geometry-digest.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { CLEAN_TOPIC, RAW_TOPIC } from '../log/default-topics.js'
import type { Log } from '../log/log.js'
import { DEFAULT_GRACE_ORBITS } from '../process/fold-settings.js'
import { processTopic } from '../process/process-topic.js'
import { ratePacer } from '../replay/pacer.js'
import { replay } from '../replay/replay.js'
import { progressKey } from '../replay/replay-progress.js'
import { openSinks } from '../sinks/registry.js'
import { openSources } from '../sources/registry.js'
import { type WatchFace, watchTopic } from '../watch/watch.js'

export interface DemoOptions {
  log: Log
  logFolder: string
  run: RunFile
  /** rows per second */
  rate: number
  signal: AbortSignal
  face: WatchFace
}

const SOURCE = 'sim:'
const INTERVAL_MS = 1000
const IDLE_MS = 5000
/** One lane: one result an interval, with all rows of it. */
const PARTITIONS = 1
/** A demo that is left running keeps its last rows and results only. */
const RETENTION_BYTES = 64 * 1024 * 1024

/** The simulated detector, its rows in a topic, their results in another, and who looks at them: all at once. */
export async function runDemo({ log, logFolder, run, rate, signal, face }: DemoOptions): Promise<void> {
  for (const { name } of [RAW_TOPIC, CLEAN_TOPIC])
    await log.createTopic({ name, partitions: PARTITIONS, retentionBytes: RETENTION_BYTES })
  const geometry = geometryDigest(run)
  const processing = new AbortController()
  const watching = new AbortController()
  const processed = processTopic({
    log,
    logFolder,
    topic: RAW_TOPIC.name,
    group: 'demo',
    workers: 1,
    lane: {
      run,
      geometry,
      grace: DEFAULT_GRACE_ORBITS,
      orbitDetail: true,
      intervalMs: INTERVAL_MS,
      idleMs: IDLE_MS,
      begin: 'beginning',
      strict: false,
    },
    sinks: await openSinks([`topic:${CLEAN_TOPIC.name}`], { log: async () => log, stdout: process.stdout }),
    signal: processing.signal,
    onMalformed: () => undefined,
    onWarning: (text) => face.message(text),
    onStatus: () => undefined,
  })
  const watched = watchTopic({
    log,
    topic: CLEAN_TOPIC.name,
    from: 'beginning',
    geometry,
    signal: watching.signal,
    face,
  })
  const replayed = replay({
    log,
    topic: RAW_TOPIC.name,
    partitions: PARTITIONS,
    parts: await openSources([SOURCE], { run }),
    run,
    format: 'row',
    pacer: ratePacer(rate, performance.now()),
    limit: Number.POSITIVE_INFINITY,
    loop: false,
    progressKey: progressKey(RAW_TOPIC.name, [SOURCE]),
    signal,
    now: () => performance.now(),
    onProgress: () => undefined,
  })
  try {
    await Promise.race([replayed, processed, watched])
    processing.abort()
    await processed
  } finally {
    processing.abort()
    watching.abort()
    await Promise.allSettled([processed, watched])
  }
}

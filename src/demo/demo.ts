import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../core/results/result.js'
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
  run: RunFile
  /** rows per second */
  rate: number
  signal: AbortSignal
  face: WatchFace
}

const SOURCE = 'sim:'
const GROUP = 'demo'
const INTERVAL_MS = 1000
const IDLE_MS = 5000
/** One lane: one result an interval, with all rows of it. */
const PARTITIONS = 1
/** A demo that is left running keeps its last rows and results only. */
const RETENTION_BYTES = 64 * 1024 * 1024
/** Whoever looks gets the last result, too, unless it takes so long. */
const LONGEST_CATCH_UP_MS = 2000
const CATCH_UP_POLL_MS = 20

/** The simulated detector, its rows in a topic, their results in another, and who looks at them: all at once. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { log, signal } = options
  for (const { name } of [RAW_TOPIC, CLEAN_TOPIC])
    await log.createTopic({ name, partitions: PARTITIONS, retentionBytes: RETENTION_BYTES })
  const replaying = new AbortController()
  const processing = new AbortController()
  const watching = new AbortController()
  const watcher = new Watcher(options.face)
  const replayed = startReplay(options, AbortSignal.any([signal, replaying.signal]))
  const processed = startProcess(options, processing.signal)
  const watched = startWatch(options, watcher, watching.signal)
  try {
    await Promise.race([replayed, processed, watched])
    processing.abort()
    await processed
    await watcher.catchUp(log)
  } finally {
    for (const part of [replaying, processing, watching]) part.abort()
    await Promise.allSettled([replayed, processed, watched])
  }
}

async function startReplay({ log, run, rate }: DemoOptions, signal: AbortSignal): Promise<void> {
  await replay({
    log,
    topic: RAW_TOPIC.name,
    partitions: PARTITIONS,
    parts: await openSources([SOURCE], { run, log: async () => log }),
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
}

async function startProcess({ log, run, face }: DemoOptions, signal: AbortSignal): Promise<void> {
  await processTopic({
    log,
    topic: RAW_TOPIC.name,
    group: GROUP,
    workers: 1,
    lane: {
      run,
      geometry: geometryDigest(run),
      grace: DEFAULT_GRACE_ORBITS,
      orbitDetail: true,
      intervalMs: INTERVAL_MS,
      idleMs: IDLE_MS,
      begin: 'beginning',
      strict: false,
    },
    sinks: await openSinks([`topic:${CLEAN_TOPIC.name}`], {
      log: async () => log,
      stdout: process.stdout,
      group: 'demo',
    }),
    signal,
    onMalformed: () => undefined,
    onWarning: (text) => face.message(text),
    onStatus: () => undefined,
  })
}

function startWatch({ log, run }: DemoOptions, face: WatchFace, signal: AbortSignal): Promise<void> {
  return watchTopic({ log, topic: CLEAN_TOPIC.name, from: 'beginning', geometry: geometryDigest(run), signal, face })
}

/** Hands on what is watched, and knows how far that is. */
class Watcher implements WatchFace {
  /** results so far */
  private count = 0

  constructor(private readonly face: WatchFace) {}

  add(result: Result): void {
    this.count = result.msg_ID + 1
    this.face.add(result)
  }

  setLag(messages: number | undefined): void {
    this.face.setLag(messages)
  }

  message(text: string): void {
    this.face.message(text)
  }

  /** Waits until all that was sent has been handed on. */
  async catchUp(log: Log): Promise<void> {
    const groups = await log.groups(RAW_TOPIC.name)
    const sent = groups.find(({ group }) => group === GROUP)?.lanes[0]?.nextMessage ?? 0
    const until = performance.now() + LONGEST_CATCH_UP_MS
    while (this.count < sent && performance.now() < until) await sleep(CATCH_UP_POLL_MS)
  }
}

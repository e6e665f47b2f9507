import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../core/results/result.js'
import { geometryDigest } from '../core/run-file/geometry-digest.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { DashboardModel } from '../dashboard/model.js'
import { RecordedRun } from '../dashboard/recorded-run.js'
import type { DashboardView } from '../dashboard/view.js'
import { ExpectedError } from '../errors.js'
import { HealthMonitor } from '../health/health-monitor.js'
import type { ResultsContext } from '../sources/results/results-source.js'
import { Lag } from './lag.js'
import { type WatchFace, watchFiles } from './watch.js'

/** What there is at one moment. */
export interface Snapshot {
  /** what was looked at */
  readonly title: string
  readonly run: RunFile
  readonly view: DashboardView
  /** of all results */
  readonly sum: Result
}

export interface SnapshotOptions {
  /** files and buckets, or one topic */
  readonly from: readonly string[]
  /** the topic, where it is one */
  readonly topic: string | undefined
  readonly run: RunFile
  /** what to compare with */
  readonly reference?: Result | undefined
  readonly context: Omit<ResultsContext, 'onForeign'>
  readonly signal: AbortSignal
  /** something the user should know */
  note(text: string): void
  /** how long a topic without results is waited for */
  readonly patienceMs?: number
}

const PATIENCE_MS = 5000
const LOOK_EVERY_MS = 250

/**
 * Reads what there is now: of files all, as things stood at the end of the newest result's interval; of a topic what it holds,
 * as things stand now. A topic without results is waited for a little.
 * @returns undefined where the signal aborted
 * @throws ExpectedError where there is no result
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot | undefined> {
  const { from, topic, run, context, signal, patienceMs = PATIENCE_MS } = options
  const until = performance.now() + patienceMs
  for (;;) {
    const last = topic === undefined || performance.now() >= until
    // at the last look a topic that is not there is an error of the reading
    if (last || (await (await context.log()).topic(topic))) {
      const { snapshot, notes } = await look(options)
      if (snapshot || last) notes.forEach(options.note)
      if (snapshot || signal.aborted) return signal.aborted ? undefined : snapshot
      if (last) throw noResults(from, run)
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted) return undefined
  }
}

interface Look {
  snapshot: Snapshot | undefined
  notes: string[]
}

function look(options: SnapshotOptions): Promise<Look> {
  return options.topic === undefined ? lookAtFiles(options) : lookAtTopic(options)
}

/** Files may have one lane after the other; a recorded run puts their results in the order of time. */
async function lookAtFiles(options: SnapshotOptions): Promise<Look> {
  const { run, reference } = options
  const recorded = new RecordedRun(run)
  const notes = await read(options, (result) => recorded.add(result))
  const sum = recorded.toResult('watch')
  const { span } = recorded
  if (!sum || !span) return { snapshot: undefined, notes }
  recorded.watchedBy(new HealthMonitor(run, { reference }))
  return { snapshot: snapshotOf(options, recorded.view(span.endMs, { window: 'cumulative' }), sum), notes }
}

async function lookAtTopic(options: SnapshotOptions): Promise<Look> {
  const { run, reference, context } = options
  const model = new DashboardModel(run, { reference })
  const lag = new Lag(await context.log())
  const notes = await read(options, (result) => {
    lag.add(result)
    model.add(result, Date.now())
  })
  model.setLag(await lag.messages(), Date.now())
  const sum = model.toResult('watch')
  const view = model.view(Date.now(), { window: 'cumulative' })
  return { snapshot: sum && snapshotOf(options, view, sum), notes }
}

/** Hands all results on. @returns what the user should know */
async function read({ from, run, context, signal }: SnapshotOptions, add: (result: Result) => void): Promise<string[]> {
  const notes: string[] = []
  const face: WatchFace = { add, setLag() {}, message: (text) => void notes.push(text) }
  await watchFiles(from, context, { geometry: geometryDigest(run), signal, face })
  return notes
}

function snapshotOf({ from, run }: SnapshotOptions, view: DashboardView, sum: Result): Snapshot {
  return { title: from.join(' '), run, view, sum }
}

function noResults(from: readonly string[], run: RunFile): ExpectedError {
  return new ExpectedError(`there is no result of run file '${run.name}' in ${from.join(' ')}`, [
    'dtstream process makes results of rows',
    'name the run file that process was given',
  ])
}

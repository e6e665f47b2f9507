import type { Result } from '../core/results/result.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { DashboardModel } from '../dashboard/model.js'
import { RecordedRun } from '../dashboard/recorded-run.js'
import type { ViewWindow } from '../dashboard/view.js'
import { LiveFeed } from '../dashboard/web/server/live-feed.js'
import { readPageFiles } from '../dashboard/web/server/page-files.js'
import type { Watched } from '../dashboard/web/server/watched.js'
import { openWebServer, type WebServer, type WebServerOptions } from '../dashboard/web/server/web-server.js'
import { ExpectedError } from '../errors.js'
import { HealthMonitor } from '../health/health-monitor.js'
import { feedModel } from './feed-model.js'
import type { WatchFace } from './watch.js'

/** Who ends the serving, and is told of it. */
export interface ServeCalls {
  signal: AbortSignal
  /** told where the page is */
  onListening(url: string): void
  /** told what the user should know */
  onNotice(sentence: string): void
}

interface Served extends ServeCalls {
  /** what is watched */
  title: string
  run: RunFile
  host: string
  port: number
  /** feeds the face until the signal aborts, or there is nothing more */
  watch(face: WatchFace, signal: AbortSignal): Promise<void>
}

export interface ServeOptions extends Served {
  /** is fed with what is watched */
  model: DashboardModel
}

export interface RecordedOptions extends Served {
  /** what results are compared with */
  reference: Result | undefined
}

/** Serves the page of what is watched, as it comes, until the signal aborts. */
export async function serveLive(options: ServeOptions): Promise<void> {
  const { run, title, model, watch, signal, onNotice } = options
  const view = (window: ViewWindow) => model.view(Date.now(), { window })
  const feed = new LiveFeed(view, () => performance.now())
  const onlooker = {
    refresh: () => feed.changed(),
    message(sentence: string) {
      onNotice(sentence)
      feed.tell(sentence)
    },
  }
  const page = { title, run, recorded: null }
  const server = await open(options, () => ({ page, feed, view, sum: () => model.toResult('watch') }))
  options.onListening(server.url)
  try {
    await watch(feedModel(model, onlooker, Date.now), signal)
  } finally {
    await server.close()
  }
}

/**
 * Reads what is watched to its end, and then serves the page of it until the signal aborts.
 * @throws ExpectedError where there is no result in it
 */
export async function serveRecorded(options: RecordedOptions): Promise<void> {
  let reading: Promise<Watched> | undefined
  const watched = () => {
    reading ??= readRecorded(options)
    return reading
  }
  // that a port is in use is known before hours of a run are read
  const server = await open(options, watched)
  try {
    await watched()
    if (options.signal.aborted) return
    options.onListening(server.url)
    await aborted(options.signal)
  } finally {
    await server.close()
  }
}

async function readRecorded({ run, title, reference, watch, signal, onNotice }: RecordedOptions): Promise<Watched> {
  const recordedRun = new RecordedRun(run)
  await watch({ add: (result) => recordedRun.add(result), setLag() {}, message: onNotice }, signal)
  // nobody sees what a signal has cut short
  const recorded = recordedRun.span ?? (signal.aborted ? { startMs: 0, endMs: 0 } : undefined)
  if (!recorded)
    throw new ExpectedError(`there are no results in ${title}`, ['name files that process or merge have written'])
  recordedRun.watchedBy(new HealthMonitor(run, { reference }))
  return {
    page: { title, run, recorded },
    feed: undefined,
    view: (window, atMs = recorded.endMs) => recordedRun.view(atMs, { window }),
    sum: () => recordedRun.toResult('watch'),
  }
}

async function open({ host, port, onNotice }: Served, watched: WebServerOptions['watched']): Promise<WebServer> {
  const files = await readPageFiles()
  const server = await openWebServer({ watched, files, host, port, onFailure: onNotice })
  if (!server.loopback) onNotice(`whoever reaches ${server.url} can look: there is no password`)
  return server
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

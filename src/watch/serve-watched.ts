import type { RunFile } from '../core/run-file/run-file.js'
import { DashboardModel } from '../dashboard/model.js'
import { Recording } from '../dashboard/recording.js'
import { LiveFeed } from '../dashboard/web/server/live-feed.js'
import { readPageFiles } from '../dashboard/web/server/page-files.js'
import type { Watched } from '../dashboard/web/server/watched.js'
import { openWebServer, type WebServer } from '../dashboard/web/server/web-server.js'
import { ExpectedError } from '../errors.js'
import type { WatchFace } from './watch.js'

export interface ServeOptions {
  /** what is watched */
  title: string
  run: RunFile
  host: string
  port: number
  signal: AbortSignal
  /** feeds the face until the signal aborts, or there is nothing more */
  watch(face: WatchFace, signal: AbortSignal): Promise<void>
  /** told where the page is */
  onListening(url: string): void
  /** told what the user should know */
  onNotice(sentence: string): void
}

/** Serves the page of what is watched, as it comes, until the signal aborts. */
export async function serveLive(options: ServeOptions): Promise<void> {
  const { run, title, watch, signal, onNotice } = options
  const model = new DashboardModel(run)
  const feed = new LiveFeed(model, Date.now)
  const server = await open(options, {
    page: { title, run, recorded: null },
    feed,
    view: (window) => model.view(Date.now(), { window }),
    sum: () => model.toResult('watch'),
  })
  try {
    await watch(liveFace(model, feed, onNotice), signal)
  } finally {
    await server.close()
  }
}

/**
 * Reads what is watched to its end, and then serves the page of it until the signal aborts.
 * @throws ExpectedError where there is no result in it
 */
export async function serveRecorded(options: ServeOptions): Promise<void> {
  const { run, title, watch, signal, onNotice } = options
  const recording = new Recording(run)
  await watch({ add: (result) => recording.add(result), setLag() {}, message: onNotice }, signal)
  if (signal.aborted) return
  const recorded = recording.span
  if (!recorded)
    throw new ExpectedError(`there are no results in ${title}`, ['name files that process or merge have written'])
  const server = await open(options, {
    page: { title, run, recorded },
    feed: undefined,
    view: (window, atMs = recorded.endMs) => recording.view(atMs, { window }),
    sum: () => recording.toResult('watch'),
  })
  await aborted(signal)
  await server.close()
}

function liveFace(model: DashboardModel, feed: LiveFeed, onNotice: (sentence: string) => void): WatchFace {
  let lag: number | undefined
  return {
    add(result) {
      model.add(result, Date.now())
      feed.changed()
    },
    setLag(messages) {
      if (messages === lag) return
      lag = messages
      model.setLag(messages)
      feed.changed()
    },
    message(sentence) {
      onNotice(sentence)
      feed.tell(sentence)
    },
  }
}

async function open({ host, port, onListening, onNotice }: ServeOptions, watched: Watched): Promise<WebServer> {
  const files = await readPageFiles()
  const server = await openWebServer({ watched, files, host, port, onFailure: onNotice })
  if (!server.loopback) onNotice(`whoever reaches ${server.url} can look: there is no password`)
  onListening(server.url)
  return server
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

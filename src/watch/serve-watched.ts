import type { RunFile } from '../core/run-file/run-file.js'
import type { DashboardModel } from '../dashboard/model.js'
import { LiveFeed } from '../dashboard/web/server/live-feed.js'
import type { Watched } from '../dashboard/web/server/watched.js'
import { openWebServer } from '../dashboard/web/server/web-server.js'
import { feedModel } from './feed-model.js'
import type { WatchFace } from './watch.js'

export interface ServeOptions {
  /** what is watched */
  title: string
  run: RunFile
  /** is fed with what is watched */
  model: DashboardModel
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

/** Serves the live page of what is watched until the signal aborts. */
export async function serveLive(options: ServeOptions): Promise<void> {
  const { run, title, model, watch, signal, onNotice } = options
  const feed = new LiveFeed(model, Date.now)
  const close = await serve(
    {
      page: { title, run, recorded: null },
      feed,
      view: (window) => model.view(Date.now(), { window }),
      sum: () => model.toResult('watch'),
    },
    options,
  )
  const onlooker = {
    refresh: () => feed.changed(),
    message(sentence: string) {
      onNotice(sentence)
      feed.tell(sentence)
    },
  }
  try {
    await watch(feedModel(model, onlooker, Date.now), signal)
  } finally {
    await close()
  }
}

async function serve(
  watched: Watched,
  { host, port, onListening, onNotice }: ServeOptions,
): Promise<() => Promise<void>> {
  const { url, loopback, close } = await openWebServer({ watched, host, port, onFailure: onNotice })
  if (!loopback) onNotice(`whoever reaches ${url} can look: there is no password`)
  onListening(url)
  return close
}

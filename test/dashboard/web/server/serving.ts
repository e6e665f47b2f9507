import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { EventSource } from 'eventsource'
import { onTestFinished } from 'vitest'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../../src/dashboard/model.js'
import type { RecordedRun } from '../../../../src/dashboard/recorded-run.js'
import type { DashboardView, ViewWindow } from '../../../../src/dashboard/view.js'
import { LiveFeed } from '../../../../src/dashboard/web/server/live-feed.js'
import type { PageFiles } from '../../../../src/dashboard/web/server/page-files.js'
import type { Watched } from '../../../../src/dashboard/web/server/watched.js'
import { openWebServer, type WebServer } from '../../../../src/dashboard/web/server/web-server.js'

export const ANY_PORT = { host: '127.0.0.1', port: 0 }

/** Serves until the test has finished; a request that fails makes the test fail. */
export async function serve(watched: Watched, place = ANY_PORT, files: PageFiles = new Map()): Promise<WebServer> {
  const failures: string[] = []
  const server = await openWebServer({
    watched: () => watched,
    files,
    ...place,
    onFailure: (sentence) => failures.push(sentence),
  })
  onTestFinished(async () => {
    await server.close()
    if (failures.length > 0) throw new Error(failures.join('\n'))
  })
  return server
}

/** A live model and its feed. @param now the clock of both, ms since 1970 */
export function live(now: () => number = Date.now, model = new DashboardModel(DEFAULT_RUN)) {
  const view = (window: ViewWindow) => model.view(now(), { window })
  const feed = new LiveFeed(view, now)
  const watched: Watched = {
    page: { title: 'topic:made-up', run: DEFAULT_RUN, recorded: null },
    feed,
    view,
    sum: () => model.toResult('watch'),
  }
  return { model, feed, watched }
}

export function showRecorded(recordedRun: RecordedRun): Watched {
  const recorded = recordedRun.span ?? { startMs: 0, endMs: 0 }
  return {
    page: { title: 'file:made-up.ndjson', run: DEFAULT_RUN, recorded },
    feed: undefined,
    view: (window, atMs = recorded.endMs) => recordedRun.view(atMs, { window }),
    sum: () => recordedRun.toResult('watch'),
  }
}

/** A browser that follows; closed when the test has finished. */
export function follow(url: string, window: string | number = 'cumulative') {
  const source = new EventSource(new URL(`/events?window=${window}`, url))
  onTestFinished(() => source.close())
  const views: DashboardView[] = []
  const messages: string[] = []
  let opened = 0
  source.addEventListener('open', () => opened++)
  source.addEventListener('view', ({ data }) => views.push(JSON.parse(data)))
  source.addEventListener('message', ({ data }) => messages.push(JSON.parse(data)))
  return {
    source,
    views,
    messages,
    get opened() {
      return opened
    },
  }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** One request with headers of one's own, `Host` among them. */
export function ask(url: string, { method = 'GET', headers = {} as Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      )
    })
    asking.on('error', reject)
    asking.end()
  })
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

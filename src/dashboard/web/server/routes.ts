import { replyDownload } from './downloads.js'
import { type PageFiles, replyFile } from './page-files.js'
import { momentOf, windowOf } from './query.js'
import { type Exchange, Refusal, replyJson } from './reply.js'
import { Viewer } from './viewer.js'
import type { Watched } from './watched.js'

type Route = (exchange: Exchange, watched: Watched) => void

const ROUTES: Readonly<Record<string, Route>> = {
  '/run': (exchange, { page }) => replyJson(exchange, page),
  '/view': replyView,
  '/events': openEvents,
}

const DOWNLOAD = '/download/'

/** Answers a request for a path. @throws Refusal where there is no answer */
export function answer(path: string, exchange: Exchange, watched: Watched, files: PageFiles): void | Promise<void> {
  const file = files.get(path)
  if (file) return replyFile(exchange, file)
  if (path.startsWith(DOWNLOAD)) return replyDownload(path.slice(DOWNLOAD.length), exchange, watched)
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
  if (!route)
    throw new Refusal(404, path === '/' ? 'the page has not been built: npm run build' : 'there is nothing here')
  return route(exchange, watched)
}

function replyView(exchange: Exchange, watched: Watched): void {
  if (watched.feed) throw new Refusal(404, 'what is watched is live: /events has its views')
  replyJson(exchange, watched.view(windowOf(exchange.query), momentOf(exchange.query)))
}

function openEvents({ request, response, query }: Exchange, { feed }: Watched): void {
  if (!feed) throw new Refusal(404, 'what is watched is a recorded run: /view has its views')
  const window = windowOf(query)
  if (feed.isFull) throw new Refusal(503, 'as many look as can: try again later')
  const viewer = new Viewer(response, window)
  if (request.method === 'HEAD') response.end()
  else feed.add(viewer)
}

import { createServer, type IncomingMessage, type Server } from 'node:http'
import { hostname } from 'node:os'
import { formatPlace, listen } from '../../../http/listen.js'
import { isLoopback, isLoopbackHost } from './host-check.js'
import type { PageFiles } from './page-files.js'
import { Refusal, replyRefusal } from './reply.js'
import { answer } from './routes.js'
import type { Watched } from './watched.js'

const LIMITS = {
  maxHeaderSize: 8 << 10,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2000,
}
/** A browser has a few for the files beside that of its events. */
const MOST_CONNECTIONS = 500

const WORDS = {
  what: 'the page',
  inUse: ['another --port; --port 0 takes any that is free'],
  elsewhere: ['--host 0.0.0.0 is all addresses of this machine'],
}

export interface WebServerOptions {
  /** what is shown; requests wait until it is there */
  watched(): Watched | Promise<Watched>
  files: PageFiles
  host: string
  /** 0 is any that is free */
  port: number
  /** told of a request that failed */
  onFailure(sentence: string): void
}

export interface WebServer {
  /** `http://127.0.0.1:8090/` */
  readonly url: string
  /** whether only this machine reaches it */
  readonly loopback: boolean
  /** Ends all connections. */
  close(): Promise<void>
}

/** Serves the page and what it shows. @throws ExpectedError where host and port cannot be had */
export async function openWebServer({ watched, files, host, port, onFailure }: WebServerOptions): Promise<WebServer> {
  let isAllowed = (_host: string | undefined) => false
  const server = createServer(LIMITS, async (request, response) => {
    try {
      const { path, query } = checkedTarget(request, isAllowed)
      await answer(path, { request, response, query }, await watched(), files)
    } catch (error) {
      if (!(error instanceof Refusal)) onFailure(`a request for ${request.url} failed: ${(error as Error).message}`)
      if (response.headersSent) response.destroy()
      else replyRefusal({ request, response }, error instanceof Refusal ? error : new Refusal(500, 'this went wrong'))
    }
  })
  server.maxConnections = MOST_CONNECTIONS
  const address = await listen(server, { host, port }, WORDS)
  const loopback = isLoopback(address.address)
  isAllowed = (name) => !loopback || isLoopbackHost(name, host)
  return {
    url: `http://${formatPlace({ host: shownHost(address.address), port: address.port })}/`,
    loopback,
    close: () => close(server),
  }
}

/** @throws Refusal for requests that no path has an answer to */
function checkedTarget(
  { method = '', headers, url = '' }: IncomingMessage,
  isAllowed: (host: string | undefined) => boolean,
): { path: string; query: URLSearchParams } {
  if (!isAllowed(headers.host)) throw new Refusal(421, 'this server is localhost; with --host it can be another')
  if (method !== 'GET' && method !== 'HEAD')
    throw new Refusal(405, 'only GET and HEAD are answered', { allow: 'GET, HEAD', connection: 'close' })
  const [path, ...query] = url.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** What others call this machine, where it listens to all of its addresses. */
function shownHost(address: string): string {
  return address === '0.0.0.0' || address === '::' ? hostname() : address
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { formatPlace, type ListenPlace, type ListenWords, listen } from '../http/listen.js'

/** What is served at `/metrics`. */
export interface Exposition {
  readonly contentType: string
  /** as it is now */
  text(): Promise<string>
}

export interface MetricsServer {
  /** where it can be read, with the port that was found for 0 */
  readonly url: string
  close(): Promise<void>
}

const PATH = '/metrics'
const METHODS: readonly (string | undefined)[] = ['GET', 'HEAD']
/** A few who scrape; what is more is refused, so that nothing here keeps the command from its work. */
const MOST_CONNECTIONS = 16
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
}
/** Without a byte going either way. */
const SILENCE_MS = 10_000

/**
 * Serves metrics over HTTP. It does not keep the process from ending.
 * @throws ExpectedError where the port is in use or cannot be had
 */
export async function serveExposition(place: ListenPlace, exposition: Exposition): Promise<MetricsServer> {
  const server = createServer(LIMITS, (request, response) => void answer(request, response, exposition))
  server.maxConnections = MOST_CONNECTIONS
  server.setTimeout(SILENCE_MS)
  const { port } = await listen(server, place, words(place))
  server.unref()
  return {
    url: `http://${formatPlace({ ...place, port })}${PATH}`,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, exposition: Exposition): Promise<void> {
  const { url = '', method } = request
  if (url.split('?', 1)[0] !== PATH) return refuse(response, 404, `there is only ${PATH} here`)
  if (!METHODS.includes(method)) return refuse(response, 405, 'GET and HEAD are all that is understood')
  try {
    const text = await exposition.text()
    response.writeHead(200, {
      'content-type': exposition.contentType,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    response.end(method === 'HEAD' ? undefined : text)
  } catch (error) {
    refuse(response, 500, `the metrics could not be collected: ${(error as Error).message}`)
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    // what else comes with the request is not read
    connection: 'close',
    ...(status === 405 ? { allow: METHODS.join(', ') } : {}),
  })
  response.end(`${sentence}\n`)
}

function words({ port }: ListenPlace): ListenWords {
  return {
    what: 'metrics',
    inUse: [
      'name another one: each command needs a port of its own',
      '--metrics 0 takes one that is free, and says which',
    ],
    elsewhere: [`--metrics ${port} serves on loopback`, `--metrics 0.0.0.0:${port} on all addresses`],
  }
}

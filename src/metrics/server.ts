import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ExpectedError } from '../errors.js'
import { formatPlace, type MetricsPlace } from './place.js'

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
export async function serveExposition(place: MetricsPlace, exposition: Exposition): Promise<MetricsServer> {
  const server = createServer(LIMITS, (request, response) => void answer(request, response, exposition))
  server.maxConnections = MOST_CONNECTIONS
  server.setTimeout(SILENCE_MS)
  await listen(server, place)
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${formatPlace({ ...place, port })}${PATH}`,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server, place: MetricsPlace): Promise<void> {
  server.listen({ host: place.host, port: place.port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw notServed(place, error as NodeJS.ErrnoException)
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

function notServed(place: MetricsPlace, { code, message }: NodeJS.ErrnoException): ExpectedError {
  const where = formatPlace(place)
  switch (code) {
    case 'EADDRINUSE':
      return new ExpectedError(`metrics cannot be served at ${where}: the port is in use`, [
        'name another one: each command needs a port of its own',
        '--metrics 0 takes one that is free, and says which',
      ])
    case 'EACCES':
      return new ExpectedError(`metrics cannot be served at ${where}: permission denied`, ['a port from 1024 on'])
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ExpectedError(`metrics cannot be served at ${where}: this machine does not have that address`, [
        `--metrics ${place.port} serves on loopback`,
        `--metrics 0.0.0.0:${place.port} on all addresses`,
      ])
    default:
      return new ExpectedError(`metrics cannot be served at ${where}: ${message}`, ['check host and port'])
  }
}

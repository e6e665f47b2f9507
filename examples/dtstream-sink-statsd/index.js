import { once } from 'node:events'
import { connect } from 'node:net'
import { EXIT, ExpectedError, TransientError } from 'dtstream/sink'

const DEFAULT_PORT = 8125
const DEFAULT_PREFIX = 'dtstream'
/** A server that does not answer by then is taken for away, ms. */
const LONGEST_CONNECTING_MS = 10_000

export const contract = 1

/** @type {import('dtstream/sink').SinkSpec[]} */
export const sinks = [
  {
    scheme: 'statsd',
    usage: 'statsd://HOST[:PORT]',
    summary: 'counts of rows and hits to a StatsD server, over TCP',
    options: { prefix: `what the names of metrics begin with; without it ${DEFAULT_PREFIX}` },
    async open(uri) {
      const sink = new StatsdSink(uri.text, addressOf(uri), prefixOf(uri))
      // a server that is not there is told of now, not with the first result
      await sink.connected()
      return sink
    },
  },
]

/**
 * Sends each result as counters. StatsD adds up what it is sent, so a result that is sent again counts twice: this sink is
 * not idempotent, and does not say that it is.
 */
class StatsdSink {
  /** StatsD answers nothing: what the system has taken is as safe as it can be. */
  durable = /** @type {const} */ ('write')
  /** @type {import('node:net').Socket | undefined} */
  #socket

  /**
   * @param {string} name
   * @param {{ host: string, port: number }} address
   * @param {string} prefix
   */
  constructor(name, address, prefix) {
    this.name = name
    this.address = address
    this.prefix = prefix
  }

  /** @param {import('dtstream/sink').Result} result */
  async write(result) {
    const socket = await this.connected()
    const text = metricsOf(result)
      .map(([metric, count]) => `${this.prefix}.${metric}:${count}|c\n`)
      .join('')
    /** @type {Error | null | undefined} */
    const error = await new Promise((resolve) => socket.write(text, resolve))
    if (error) throw this.#away(error)
  }

  async close() {
    const socket = this.#socket
    this.#socket = undefined
    if (!socket || socket.destroyed) return
    const closed = once(socket, 'close')
    socket.end()
    await closed
  }

  async abort() {
    // what was sent stays sent
    this.#socket?.end()
    this.#socket = undefined
  }

  /** The connection; one that was lost is made again. */
  async connected() {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket
    const socket = connect(this.address)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(LONGEST_CONNECTING_MS) })
    } catch (error) {
      socket.destroy()
      throw this.#away(/** @type {Error} */ (error))
    }
    socket.setNoDelay()
    // StatsD sends nothing; without a reader its end would not be seen
    socket.resume()
    // whoever writes is told by `write`
    socket.on('error', () => {})
    this.#socket = socket
    return socket
  }

  /** @param {Error & { code?: string }} error */
  #away(error) {
    this.#socket = undefined
    // dtstream tries again: a server that restarts loses no result
    return new TransientError(`cannot write ${this.name}: ${error.code ?? error.message}`, ['start the StatsD server'])
  }
}

/**
 * @param {import('dtstream/sink').Result} result
 * @returns {[metric: string, count: number][]}
 */
function metricsOf({ rows, orbits, hit_count_chamber }) {
  return [
    ['results', 1],
    ['orbits', orbits.count],
    ...Object.entries(rows).map(([kind, count]) => /** @type {[string, number]} */ ([`rows.${kind}`, count])),
    ...hit_count_chamber.map((count, chamber) => /** @type {[string, number]} */ ([`hits.chamber${chamber}`, count])),
  ]
}

/** @param {import('dtstream/sink').SinkUri} uri */
function addressOf({ text, path }) {
  const [, host = '', port = DEFAULT_PORT] = /^([^:/]+)(?::(\d{1,5}))?\/?$/.exec(path) ?? []
  if (host !== '') return { host, port: Number(port) }
  throw new ExpectedError(`${text} names no server`, ['statsd://HOST:PORT'], EXIT.usage)
}

/** @param {import('dtstream/sink').SinkUri} uri */
function prefixOf({ text, options }) {
  const prefix = options.get('prefix') ?? DEFAULT_PREFIX
  if (/^[\w.-]+$/.test(prefix)) return prefix
  throw new ExpectedError(
    `${text}: '${prefix}' is no beginning of a metric's name`,
    ['prefix=experiment.run'],
    EXIT.usage,
  )
}

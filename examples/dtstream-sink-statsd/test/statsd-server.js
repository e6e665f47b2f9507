import { once } from 'node:events'
import { createServer } from 'node:net'

/** As much of a StatsD server as there is to it: adds up the counters that it is sent. */
export class StatsdServer {
  /** @type {Map<string, number>} */
  counts = new Map()
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set()
  #server = createServer((socket) => this.#read(socket))

  /** @param {number} port 0 for any */
  async listen(port = 0) {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get port() {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the server does not listen')
    return address.port
  }

  /** When all who were connected have closed, so that nothing is under way any more. */
  async settled() {
    for (const socket of this.#sockets) if (!socket.closed) await once(socket, 'close')
    return this.counts
  }

  /** Cuts all connections, and takes no others. */
  async stop() {
    for (const socket of this.#sockets) socket.destroy()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }

  /** @param {import('node:net').Socket} socket */
  #read(socket) {
    let rest = ''
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.setEncoding('utf8')
    socket.on('data', (/** @type {string} */ text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#count(line)
    })
  }

  /** @param {string} line */
  #count(line) {
    const [, metric, count] = /^([\w.-]+):(\d+)\|c$/.exec(line) ?? []
    if (metric === undefined) throw new Error(`no counter: ${line}`)
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + Number(count))
  }
}

import net, { type Socket } from 'node:net'
import tls from 'node:tls'
import type { ISocketFactory } from 'kafkajs'

const CHECKS_IN_LIMIT = 12

/**
 * Makes sockets that end with an error when a broker has owed an answer for `limitMs`: a connection that was cut without
 * a word would otherwise be waited on for ever, and nothing be tried elsewhere.
 */
export function guardedSockets(limitMs: number): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const name = net.isIP(host) ? {} : { servername: host }
    const socket = ssl
      ? tls.connect({ host, port, ...name, ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect)
    socket.setNoDelay(true)
    guard(socket, limitMs, () => `no answer from ${host}:${port} for ${limitMs / 1000} s`)
    return socket
  }
}

function guard(socket: Socket, limitMs: number, message: () => string): void {
  const answers = new AnswerCount()
  let owed = 0
  let since = 0
  const write = socket.write.bind(socket) as (...args: Parameters<Socket['write']>) => boolean
  // kafkajs writes each request in one call
  socket.write = ((...args: Parameters<Socket['write']>) => {
    if (owed === 0) since = performance.now()
    owed++
    return write(...args)
  }) as Socket['write']
  socket.on('data', (data: Buffer) => {
    since = performance.now()
    owed = Math.max(0, owed - answers.add(data))
  })
  const timer = setInterval(() => {
    if (owed > 0 && performance.now() - since > limitMs) socket.destroy(new Error(message()))
  }, limitMs / CHECKS_IN_LIMIT).unref()
  socket.once('close', () => clearInterval(timer))
}

const LENGTH_BYTES = 4

/** Counts answers in a stream: each is its length in four bytes, and so many bytes. */
class AnswerCount {
  private readonly head = Buffer.alloc(LENGTH_BYTES)
  private headBytes = 0
  /** of the answer that has begun */
  private bytesLeft = 0

  /** @returns how many answers these bytes complete */
  add(data: Buffer): number {
    let count = 0
    for (let at = 0; at < data.length; ) {
      if (this.bytesLeft === 0) at = this.readHead(data, at)
      else {
        const step = Math.min(this.bytesLeft, data.length - at)
        at += step
        this.bytesLeft -= step
        if (this.bytesLeft === 0) count++
      }
    }
    return count
  }

  private readHead(data: Buffer, at: number): number {
    this.head[this.headBytes++] = data[at]
    if (this.headBytes === LENGTH_BYTES) {
      this.headBytes = 0
      this.bytesLeft = this.head.readInt32BE(0)
    }
    return at + 1
  }
}

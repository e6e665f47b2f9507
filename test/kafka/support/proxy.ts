import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** At a limited rate, bytes are passed on in pieces of this many milliseconds. */
const PIECE_MS = 20

/**
 * A TCP proxy that can do to connections what networks do. While it swallows, it reads nothing (beyond what its buffers
 * take) and says nothing of a side that has gone; what was sent meanwhile arrives when it flows again, as after a cable
 * was pulled and put back.
 */
export class TcpProxy {
  private readonly pairs = new Set<[Socket, Socket]>()
  private readonly waiting = new Set<Socket>()
  private readonly up = new Line()
  private readonly down = new Line()

  private constructor(
    private readonly server: Server,
    private readonly to: number,
  ) {
    server.on('connection', (client) => void this.accept(client))
  }

  /** Listens on a free port of the loopback. @param to the port there that connections go on to */
  static async start({ to }: { to: number }): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    const proxy = new TcpProxy(server, to)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Forwards nothing from now on; connections stay, and new ones are taken and left without an answer. */
  swallow(): void {
    this.up.shut()
    this.down.shut()
  }

  /** Forwards everything at once: the end of `swallow` and of `slow`. */
  flow(): void {
    this.up.open()
    this.down.open()
  }

  /** Forwards at most that much in each direction, all connections together. */
  slow(bytesPerSecond: number): void {
    this.up.open(bytesPerSecond)
    this.down.open(bytesPerSecond)
  }

  /** Resets all connections; new ones are taken as before. */
  cut(): void {
    for (const socket of [...this.pairs].flat().concat(...this.waiting)) socket.resetAndDestroy()
  }

  async stop(): Promise<void> {
    this.server.close()
    this.cut()
    this.flow()
    if (this.server.listening) await once(this.server, 'close')
  }

  private async accept(client: Socket): Promise<void> {
    // An error ends in 'close', which is what counts.
    client.on('error', () => undefined)
    this.waiting.add(client)
    await this.up.opened()
    this.waiting.delete(client)
    if (client.destroyed) return
    const broker = connect({ host: '127.0.0.1', port: this.to, allowHalfOpen: true, noDelay: true })
    broker.on('error', () => undefined)
    const pair: [Socket, Socket] = [client, broker]
    this.pairs.add(pair)
    await Promise.all([this.up.carry(client, broker), this.down.carry(broker, client)])
    this.pairs.delete(pair)
  }
}

/** One direction of the way: open, shut, or narrow. */
class Line {
  private gate: Promise<void> = Promise.resolve()
  private lift = (): void => undefined
  private bytesPerMs = Number.POSITIVE_INFINITY
  /** When the last byte taken on will have passed; milliseconds of `performance.now()`. */
  private busyUntil = 0

  shut(): void {
    this.lift()
    this.gate = new Promise((resolve) => {
      this.lift = resolve
    })
  }

  open(bytesPerSecond = Number.POSITIVE_INFINITY): void {
    this.bytesPerMs = bytesPerSecond / 1000
    this.busyUntil = 0
    this.lift()
    this.gate = Promise.resolve()
  }

  /** Resolves when the line is open, also if it was shut again while that was being told. */
  async opened(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.gate; ) {
      seen = this.gate
      await seen
    }
  }

  /** Carries bytes, their end and a reset from one socket to the other; holds one chunk at a time. */
  async carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) await this.pass(chunk as Buffer, to)
      await this.opened()
      to.end()
    } catch {
      await this.opened()
      to.resetAndDestroy()
    }
  }

  private async pass(chunk: Buffer, to: Socket): Promise<void> {
    for (let start = 0; start < chunk.length; ) {
      await this.opened()
      const size = Math.max(1, Math.floor(Math.min(chunk.length - start, this.bytesPerMs * PIECE_MS)))
      const piece = chunk.subarray(start, start + size)
      await this.turn(size)
      await this.opened()
      if (to.destroyed) throw new Error('gone')
      if (!to.write(piece)) await drained(to)
      start += size
    }
  }

  private async turn(bytes: number): Promise<void> {
    if (this.bytesPerMs === Number.POSITIVE_INFINITY) return
    const now = performance.now()
    this.busyUntil = Math.max(now, this.busyUntil) + bytes / this.bytesPerMs
    await sleep(this.busyUntil - now)
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}

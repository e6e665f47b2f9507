import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What happens to one connection. */
export type Fault =
  /** to the first on which more than so many bytes have come from the server */
  | { after: number; how: 'reset' | 'end' | 'stall' | 'corrupt' }
  /** to the next new one: the proxy answers by itself, once a request has come */
  | { answer: number }

const WORDS: Record<number, string> = { 500: 'InternalError', 503: 'SlowDown' }

/** Stands before an S3 server, and lets one fault after the other happen. */
export class FaultProxy {
  readonly faults: Fault[] = []
  /** bytes that came from the server and were handed to the system for the client */
  passed = 0
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    private readonly to: number,
  ) {
    server.on('connection', (client) => this.accept(client))
  }

  static async start(to: number): Promise<FaultProxy> {
    const server = createServer()
    const proxy = new FaultProxy(server, to)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    if (this.server.listening) await once(this.server, 'close')
  }

  private accept(client: Socket): void {
    this.sockets.add(client)
    client.on('error', () => undefined).on('close', () => this.sockets.delete(client))
    const [fault] = this.faults
    if (fault && 'answer' in fault) {
      this.faults.shift()
      answer(client, fault.answer)
    } else this.carry(client)
  }

  private carry(client: Socket): void {
    const server = connect(this.to, '127.0.0.1')
    server.on('error', () => client.resetAndDestroy()).on('end', () => client.end())
    client.on('close', () => server.destroy())
    client.pipe(server)
    let came = 0
    server.on('data', (bytes: Buffer) => {
      const before = came
      came += bytes.length
      const [fault] = this.faults
      if (fault && 'after' in fault && came > fault.after) {
        this.faults.shift()
        strike(fault, bytes, Math.max(0, fault.after - before), client, server)
        return
      }
      const isTaken = client.write(bytes, () => {
        this.passed += bytes.length
      })
      if (!isTaken) pauseUntilDrained(server, client)
    })
  }
}

function strike(
  { how }: Exclude<Fault, { answer: number }>,
  bytes: Buffer,
  at: number,
  client: Socket,
  server: Socket,
): void {
  if (how === 'corrupt') {
    const changed = Buffer.from(bytes)
    changed[at] ^= 1
    client.write(changed)
    return
  }
  server.pause()
  server.removeAllListeners('data')
  client.write(bytes.subarray(0, at), () => {
    if (how === 'reset') client.resetAndDestroy()
    if (how === 'end') client.end()
  })
}

function answer(client: Socket, status: number): void {
  const body = `<?xml version="1.0"?><Error><Code>${WORDS[status]}</Code><Message>by the proxy</Message></Error>`
  const head = `HTTP/1.1 ${status} ${WORDS[status]}\r\nContent-Type: application/xml\r\nContent-Length: ${body.length}`
  client.once('data', () => client.end(`${head}\r\nConnection: close\r\n\r\n${body}`))
}

function pauseUntilDrained(from: Socket, to: Socket): void {
  from.pause()
  to.once('drain', () => from.resume())
}

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { guardedSockets } from '../../../../src/log/kafka/client/socket-guard.js'

const METADATA = 3
const PRODUCE = 0

let server: Server
let port: number
/** What the broker does with the pieces that come. */
let onData: (socket: Socket, data: Buffer) => void
const served = new Set<Socket>()

beforeEach(async () => {
  onData = () => undefined
  server = createServer((socket) => {
    served.add(socket)
    socket.on('error', () => undefined).on('data', (data) => onData(socket, data))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  for (const socket of served) socket.destroy()
  served.clear()
  server.close()
})

describe('sockets to a broker that says nothing', () => {
  it('end when an answer is overdue, and take those that are idle along; new ones are refused at once', async () => {
    const make = sockets()
    const [asking, idle] = await Promise.all([open(make), open(make)])
    const ends = Promise.all([once(asking, 'error'), once(idle, 'error')])
    asking.write(request(METADATA))
    const [[error]] = await ends
    expect(error.message).toBe(`no answer from 127.0.0.1:${port} for 3 s`)
    const since = performance.now()
    const [refusal] = await once(make(options()), 'error')
    expect(refusal.message).toBe(`127.0.0.1:${port} does not answer`)
    // far less than a connection may take
    expect(performance.now() - since).toBeLessThan(1000)
  })
})

describe('a socket that has ended', () => {
  it('says so to who writes, as nobody would answer', async () => {
    const socket = await open(sockets())
    socket.on('error', () => undefined).destroy()
    await once(socket, 'close')
    const failing = once(socket, 'error')
    socket.write(request(METADATA))
    const [error] = await failing
    expect(error.message).toBe(`the connection to 127.0.0.1:${port} has ended`)
  })
})

describe('sockets to a slow broker', () => {
  it('live as long as something comes', async () => {
    onData = (socket) => {
      let sent = 0
      const timer = setInterval(() => {
        socket.write(sent === 0 ? Buffer.from([0, 0, 0, 5]) : Buffer.from([0]))
        if (sent++ === 5) clearInterval(timer)
      }, 1000)
    }
    const socket = await open(sockets())
    socket.write(request(METADATA))
    for (let bytes = 0; bytes < 9; ) bytes += (await once(socket, 'data'))[0].length
    expect(socket.destroyed).toBe(false)
    socket.destroy()
  })

  it('send every byte of a large request', async () => {
    const chunks: Buffer[] = []
    onData = (socket, data) => {
      chunks.push(data)
      socket.pause()
      setTimeout(() => socket.resume(), 2)
    }
    const socket = await open(sockets())
    const large = request(PRODUCE, 20_000_000)
    for (let i = 6; i < large.length; i++) large[i] = i % 251
    socket.write(large)
    await expect.poll(() => chunks.reduce((sum, { length }) => sum + length, 0), { timeout: 25_000 }).toBe(large.length)
    expect(Buffer.concat(chunks).equals(large)).toBe(true)
    socket.destroy()
  })
})

describe('sockets of a client that is closed', () => {
  it('end, those that nobody knows of any more too, and none is made later', async () => {
    const closing = new AbortController()
    const make = guardedSockets(closing.signal)
    const connected = await open(make)
    const connecting = make(options())
    const ends = Promise.all([once(connected, 'close'), once(connecting, 'close')])
    closing.abort()
    await ends
    const [refusal] = await once(make(options()), 'error')
    expect(refusal.message).toBe(`127.0.0.1:${port} does not answer`)
  })
})

function sockets(): ISocketFactory {
  return guardedSockets(new AbortController().signal)
}

function options(): ISocketFactoryArgs {
  return { host: '127.0.0.1', port, onConnect: () => undefined } as ISocketFactoryArgs
}

async function open(make: ISocketFactory): Promise<Socket> {
  const socket = make(options())
  await once(socket, 'connect')
  return socket
}

/** A request of this kind, as long as is wished. */
function request(key: number, length = 100): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeInt32BE(length - 4)
  bytes.writeInt16BE(key, 4)
  return bytes
}

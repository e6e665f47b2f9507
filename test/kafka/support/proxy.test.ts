import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalKafka } from './local-kafka.js'
import { plainClient, readValues, sendValues, withAdmin } from './plain-client.js'
import { TcpProxy } from './proxy.js'

describe('a proxy before an echo', () => {
  let echo: Server
  let proxy: TcpProxy
  beforeEach(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    await once(echo.listen(0, '127.0.0.1'), 'listening')
    proxy = await TcpProxy.start({ to: (echo.address() as AddressInfo).port })
  })
  afterEach(async () => {
    await proxy.stop()
    await new Promise((resolve) => echo.close(resolve))
  })

  it('carries every byte both ways, and the end', async () => {
    const sent = Buffer.alloc(5_000_000, 'abcdefghijk')
    const socket = call()
    socket.end(sent)
    expect((await buffer(socket)).equals(sent)).toBe(true)
  })

  it('holds back what comes while it swallows, on old and new connections, and hands it over later', async () => {
    const old = call()
    old.write('1')
    expect(`${await once(old, 'data')}`).toBe('1')
    proxy.swallow()
    const fresh = call()
    await once(fresh, 'connect')
    let heard = 0
    for (const socket of [old, fresh]) socket.on('data', () => heard++).write('2')
    await sleep(300)
    expect(heard).toBe(0)
    const answers = Promise.all([once(old, 'data'), once(fresh, 'data')])
    proxy.flow()
    expect((await answers).map(String)).toEqual(['2', '2'])
    for (const socket of [old, fresh]) socket.destroy()
  })

  it('takes no more than its buffers hold while it swallows', async () => {
    proxy.swallow()
    const socket = call()
    await once(socket, 'connect')
    const piece = Buffer.alloc(1_000_000)
    for (let count = 0; count < 40; count++) socket.write(piece)
    await sleep(300)
    expect(socket.writableLength).toBeGreaterThan(20_000_000)
    socket.destroy()
  })

  it('is as slow as it is told', async () => {
    proxy.slow(100_000)
    const socket = call()
    const start = performance.now()
    socket.end(Buffer.alloc(50_000))
    expect(await buffer(socket)).toHaveLength(50_000)
    // Never sooner than the rate allows; later may be for many reasons.
    expect(performance.now() - start).toBeGreaterThan(490)
  })

  it('resets all connections when cut, and takes new ones', async () => {
    const socket = call()
    socket.write('1')
    await once(socket, 'data')
    proxy.cut()
    const [error] = await once(socket, 'error')
    expect(error.code).toBe('ECONNRESET')
    const next = call()
    next.end('2')
    expect(`${await buffer(next)}`).toBe('2')
  })

  function call(): Socket {
    return connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true })
  }
})

describe('proxies before brokers', () => {
  it('are the only way that clients take', async () => {
    const proxies = new Map<number, TcpProxy>()
    const kafka = await LocalKafka.start({
      advertised: async (id, port) => {
        const proxy = await TcpProxy.start({ to: port })
        proxies.set(id, proxy)
        return proxy.port
      },
    })
    try {
      expect(kafka.bootstrap).toBe(`127.0.0.1:${proxies.get(1)?.port}`)
      const client = plainClient(kafka.bootstrap)
      await withAdmin(client, (admin) => admin.createTopics({ topics: [{ topic: 'through' }] }))
      proxies.get(1)?.swallow()
      let sent = false
      const sending = sendValues(client, 'through', 0, ['a']).then(() => {
        sent = true
      })
      await sleep(500)
      expect(sent).toBe(false)
      proxies.get(1)?.flow()
      await sending
      expect(await readValues(client, 'through', 'reading', 1)).toEqual(['a'])
    } finally {
      await kafka.stop()
      for (const proxy of proxies.values()) await proxy.stop()
    }
  })
})

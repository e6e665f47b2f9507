import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Metrics } from '../../src/metrics/metrics.js'
import { serveExposition } from '../../src/metrics/server.js'
import { parseExposition, sampleValue } from '../support/exposition.js'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

async function serve(exposition = new Metrics({ command: 'test' })) {
  const server = await serveExposition(LOOPBACK, exposition)
  onTestFinished(() => server.close())
  return server.url
}

describe('metrics over HTTP', () => {
  it('are what is counted at that moment, and the process itself', async () => {
    const metrics = new Metrics({ command: 'test', version: '1.2.3' })
    let rows = 1
    metrics.counter('dtstream_rows_total', 'Rows.', () => rows)
    const url = await serve(metrics)
    for (rows of [7, 9]) {
      const response = await fetch(url)
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      const families = parseExposition(await response.text())
      expect(sampleValue(families, 'dtstream_rows_total')).toBe(rows)
      expect(sampleValue(families, 'dtstream_build_info', { command: 'test', version: '1.2.3' })).toBe(1)
      expect(sampleValue(families, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    }
  })

  it('leave out what is not known', async () => {
    const metrics = new Metrics({ command: 'test' })
    let lag: number | undefined = 3
    metrics.gauge('dtstream_lag_messages', 'Lag.', () => lag)
    const read = async () => sampleValue(parseExposition(await metrics.text()), 'dtstream_lag_messages')
    expect(await read()).toBe(3)
    lag = undefined
    expect(await read()).toBe(undefined)
    lag = Number.POSITIVE_INFINITY
    expect(await read()).toBe(Number.POSITIVE_INFINITY)
  })

  it('escape what stands in labels', async () => {
    const metrics = new Metrics({ command: 'test' })
    metrics.counterBy('sink', 'dtstream_sink_written_total', 'Written.', () => [['file:a"b\\c\nd', 2]])
    const [sample] = parseExposition(await metrics.text()).get('dtstream_sink_written_total')?.samples ?? []
    expect(sample).toMatchObject({ labels: { sink: 'file:a\\"b\\\\c\\nd' }, value: 2 })
  })

  it.each([
    ['GET', '/', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/metricsx', 404],
    ['POST', '/', 404],
    ['POST', '/metrics', 405],
    ['DELETE', '/metrics', 405],
    ['GET', '/metrics?name[]=x', 200],
    ['HEAD', '/metrics', 200],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const url = new URL(path, await serve())
    const response = await fetch(url, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null)
    const body = await response.text()
    if (method === 'HEAD') expect([body, Number(response.headers.get('content-length')) > 100]).toEqual(['', true])
    else expect(body).not.toBe('')
  })

  it('say so when they cannot be collected, and are there again afterwards', async () => {
    const metrics = new Metrics({ command: 'test' })
    let fails = true
    metrics.counter('dtstream_rows_total', 'Rows.', () => {
      if (fails) throw new Error('no rows')
      return 1
    })
    const url = await serve(metrics)
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([500, 'the metrics could not be collected: no rows\n'])
    fails = false
    expect((await fetch(url)).status).toBe(200)
  })

  it('have limits on headers and on connections', async () => {
    const url = await serve()
    const response = await fetch(url, { headers: { cookie: 'x'.repeat(20_000) } })
    expect(response.status).toBe(431)
    const port = Number(new URL(url).port)
    const open = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const socket = connect(port, '127.0.0.1')
        await once(socket, 'connect')
        return socket
      }),
    )
    const refused = connect(port, '127.0.0.1')
    expect(await text(refused)).toBe('')
    for (const socket of open) socket.destroy()
  })

  it('end with who is connected', async () => {
    const server = await serveExposition(LOOPBACK, new Metrics({ command: 'test' }))
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    socket.on('error', () => undefined)
    await server.close()
    await closed
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })
})

describe('a place where metrics cannot be served', () => {
  it('is one whose port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as { port: number }
    await expect(serveExposition({ host: '127.0.0.1', port }, new Metrics({ command: 'test' }))).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `metrics cannot be served at 127.0.0.1:${port}: the port is in use`,
      suggestions: expect.arrayContaining(['--metrics 0 takes one that is free, and says which']),
    })
  })

  it('is an address that this machine does not have', async () => {
    await expect(
      serveExposition({ host: '192.0.2.1', port: 9464 }, new Metrics({ command: 'test' })),
    ).rejects.toMatchObject({
      message: 'metrics cannot be served at 192.0.2.1:9464: this machine does not have that address',
      suggestions: ['--metrics 9464 serves on loopback', '--metrics 0.0.0.0:9464 on all addresses'],
    })
  })
})

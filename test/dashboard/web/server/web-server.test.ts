import { once } from 'node:events'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import { RecordedRun } from '../../../../src/dashboard/recorded-run.js'
import { isLoopbackHost } from '../../../../src/dashboard/web/server/host-check.js'
import type { Watched } from '../../../../src/dashboard/web/server/watched.js'
import { openWebServer } from '../../../../src/dashboard/web/server/web-server.js'
import { evenCells, result, T0 } from '../../made-up.js'
import { ANY_PORT, ask, live, serve, showRecorded } from './serving.js'

const files = new Map()

function madeUpRun(): RecordedRun {
  const made = new RecordedRun(DEFAULT_RUN)
  for (let second = 1; second <= 20; second++)
    made.add(
      result({
        from: second,
        startMs: T0 + (second - 1) * 1000,
        endMs: T0 + second * 1000,
        cells: [evenCells(second)],
      }),
    )
  return made
}

describe('what is watched', () => {
  it('is told at /run', async () => {
    const { url } = await serve(live().watched)
    const { status, headers, body } = await ask(`${url}run`)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/json', 'no-store'])
    expect(JSON.parse(body)).toEqual({ title: 'topic:made-up', run: DEFAULT_RUN, recorded: null })
  })

  it('of a recorded run, with its span', async () => {
    const { url } = await serve(showRecorded(madeUpRun()))
    expect(JSON.parse((await ask(`${url}run`)).body).recorded).toEqual({ startMs: T0, endMs: T0 + 20_000 })
  })
})

describe('a view of a recorded run', () => {
  it.each([
    ['window=cumulative&at=', 'cumulative', 7000, T0 + 7000],
    ['window=10&at=', 10, 12_345, T0 + 13_000],
    ['at=', 'cumulative', -T0, T0],
  ] as const)('is that of its moment: %s', async (query, window, afterMs, atMs) => {
    const made = madeUpRun()
    const { url } = await serve(showRecorded(made))
    const { body } = await ask(`${url}view?${query}${T0 + afterMs}`)
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(made.view(atMs, { window }))))
  })

  it('is that of its end without a moment', async () => {
    const { url } = await serve(showRecorded(madeUpRun()))
    expect(JSON.parse((await ask(`${url}view`)).body)).toMatchObject({ atMs: T0 + 20_000, rows: { hits: 64 * 210 } })
  })

  it.each(['window=0', 'window=301', 'window=-1', 'window=1.5', 'window=all', 'window=', 'at=', 'at=x', 'at=1e3'])(
    'is refused for what cannot be: %s',
    async (query) => {
      const { url } = await serve(showRecorded(madeUpRun()))
      const { status, body } = await ask(`${url}view?${query}`)
      expect(status).toBe(400)
      expect(body).toMatch(/^(window|at) is .+\n$/)
    },
  )
})

describe('what is not there', () => {
  it.each(['/nothing', '/page/../../../package.json', '/page/%2e%2e/server/web-server.js', '/download/', '/__proto__'])(
    'is refused: %s',
    async (path) => {
      const { url } = await serve(live().watched)
      // `request` sends the path as it is, where fetch would resolve it
      const { status } = await ask(url.replace(/\/$/, path))
      expect(status).toBe(404)
    },
  )

  it('is a stream of a recorded run, or a view of a live one', async () => {
    const recorded = await serve(showRecorded(madeUpRun()))
    expect((await ask(`${recorded.url}events`)).status).toBe(404)
    const { url } = await serve(live().watched)
    expect((await ask(`${url}view`)).status).toBe(404)
  })
})

it('a request waits until what is watched is there', async () => {
  const { watched } = live()
  let there = (_: Watched) => {}
  const promised = new Promise<Watched>((resolve) => {
    there = resolve
  })
  const server = await openWebServer({ watched: () => promised, files, ...ANY_PORT, onFailure: () => {} })
  onTestFinished(() => server.close())
  const asking = ask(`${server.url}run`)
  const first = await Promise.race([asking, sleep(300, 'nothing')])
  expect(first).toBe('nothing')
  there(watched)
  expect((await asking).status).toBe(200)
})

describe('safety', () => {
  it('is in the headers of every answer', async () => {
    const { url } = await serve(live().watched)
    for (const path of ['run', 'nothing', 'download/rates.csv']) {
      const { headers } = await ask(url + path)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /)
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe|\*|http/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  it.each([
    ['localhost', 200],
    ['localhost:9999', 200],
    ['127.0.0.1:8090', 200],
    ['[::1]:8090', 200],
    ['LOCALHOST', 200],
    ['evil.example', 421],
    ['evil.example:8090', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['192.168.1.4', 421],
  ])('asks for a name of this machine: Host: %s', async (host, status) => {
    const { url, loopback } = await serve(live().watched)
    expect(loopback).toBe(true)
    for (const path of ['run', 'events', 'nothing'].slice(0, status === 200 ? 1 : 3))
      expect((await ask(url + path, { headers: { host } })).status).toBe(status)
  })

  it('asks for a name, also where the protocol does not', async () => {
    const { url } = await serve(live().watched)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /run HTTP/1.0\r\n\r\n')
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 421 /)
  })

  it('knows the name that it was told to listen by', async () => {
    const { url } = await serve(live().watched, { host: '127.0.1.1', port: 0 })
    expect((await ask(`${url}run`, { headers: { host: '127.0.1.1:8090' } })).status).toBe(200)
    expect(isLoopbackHost('DAQ:8090', 'daq')).toBe(true)
    expect(isLoopbackHost('daq.evil.example', 'daq')).toBe(false)
  })

  it('lets everybody in by any name where it was told to', async () => {
    const { url, loopback } = await serve(live().watched, { host: '0.0.0.0', port: 0 })
    expect(loopback).toBe(false)
    expect(new URL(url).hostname).toBe(hostname().toLowerCase())
    const there = `http://127.0.0.1:${new URL(url).port}/run`
    expect((await ask(there, { headers: { host: 'daq.example' } })).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('answers no %s', async (method) => {
    const { url } = await serve(live().watched)
    expect(await ask(`${url}run`, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it('answers HEAD with headers alone', async () => {
    const { url } = await serve(live().watched)
    const whole = await ask(`${url}run`)
    expect(await ask(`${url}run`, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-length': String(whole.body.length) },
      body: '',
    })
    expect(await ask(`${url}events`, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: '',
    })
  })

  it('takes no endless headers', async () => {
    const { url } = await serve(live().watched)
    expect((await ask(`${url}run`, { headers: { cookie: 'x'.repeat(20_000) } })).status).toBe(431)
  })
})

describe('a port', () => {
  it('that is in use is one clear sentence', async () => {
    const { url } = await serve(live().watched)
    const port = Number(new URL(url).port)
    const opening = openWebServer({ watched: () => live().watched, files, ...ANY_PORT, port, onFailure: () => {} })
    await expect(opening).rejects.toMatchObject({
      message: `the page cannot be served at 127.0.0.1:${port}: the port is in use`,
      exit: 1,
    })
  })

  it('of a machine that is not this one is told of too', async () => {
    const opening = openWebServer({
      watched: () => live().watched,
      files,
      host: '192.0.2.1',
      port: 0,
      onFailure: () => {},
    })
    await expect(opening).rejects.toMatchObject({
      message: 'the page cannot be served at 192.0.2.1:0: this machine does not have that address',
    })
  })

  it('is closed with streams open on it', async () => {
    const { watched } = live()
    const server = await openWebServer({ watched: () => watched, files, ...ANY_PORT, onFailure: () => {} })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
    const ended = once(socket, 'close')
    socket.resume().on('error', () => {})
    await server.close()
    await ended
    expect(socket.destroyed).toBe(true)
  })
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../../src/dashboard/model.js'
import type { DashboardView, ViewWindow } from '../../../../src/dashboard/view.js'
import { MOST_VIEWERS } from '../../../../src/dashboard/web/server/live-feed.js'
import { Viewer } from '../../../../src/dashboard/web/server/viewer.js'
import { evenCells, result, T0 } from '../../made-up.js'
import { ask, follow, freePort, live, serve } from './serving.js'

const WAIT = { timeout: 30_000, interval: 20 }

/** A model that writes down what it is asked for, and may show far more than it knows. */
class AskedModel extends DashboardModel {
  readonly asked: ViewWindow[] = []
  padding = ''

  override view(nowMs: number, options: { window: ViewWindow }): DashboardView {
    this.asked.push(options.window)
    return Object.assign(super.view(nowMs, options), { padding: this.padding })
  }
}

function asJson(view: DashboardView): unknown {
  return JSON.parse(JSON.stringify(view))
}

const hits = (from: number, count: number, endMs = T0) =>
  result({ from, startMs: endMs - 1000, endMs, cells: [evenCells(count)] })

describe('viewers', () => {
  it('get what the model shows in their windows', async () => {
    const { model, feed, watched } = live(() => T0)
    model.add(hits(0, 1, T0 - 100_000), T0)
    model.add(hits(1, 2, T0 - 30_000), T0)
    model.add(hits(2, 4), T0)
    const { url } = await serve(watched)
    const windows = ['cumulative', 10, 60, 300, 60, 'cumulative', 7] as const
    const viewers = windows.map((window) => follow(url, window))
    await vi.waitFor(() => expect(viewers.map(({ views }) => views.length)).toEqual(windows.map(() => 1)), WAIT)
    model.add(hits(3, 8), T0)
    feed.changed()
    await vi.waitFor(() => expect(viewers.map(({ views }) => views.length)).toEqual(windows.map(() => 2)), WAIT)
    viewers.forEach(({ views }, i) => {
      expect(views[0].rows.hits).toBe(64 * [7, 4, 6, 7, 6, 7, 4][i])
      expect(views[1]).toEqual(asJson(model.view(T0, { window: windows[i] })))
    })
  })

  it('get a whole view at once, whenever they come', async () => {
    const { model, watched } = live(() => T0)
    const { url } = await serve(watched)
    const early = follow(url)
    await vi.waitFor(() => expect(early.views).toHaveLength(1), WAIT)
    expect(early.views[0].state).toBe('waiting')
    model.add(hits(0, 3), T0)
    const late = follow(url, 10)
    await vi.waitFor(() => expect(late.views).toHaveLength(1), WAIT)
    expect(late.views[0]).toEqual(asJson(model.view(T0, { window: 10 })))
  })

  it('are told messages', async () => {
    const { feed, watched } = live()
    const { url } = await serve(watched)
    const viewers = [follow(url), follow(url, 60)]
    await vi.waitFor(() => expect(viewers.every(({ views }) => views.length > 0)).toBe(true), WAIT)
    feed.tell('passed over: 1 of what came "is no result"\nat all')
    await vi.waitFor(
      () =>
        expect(viewers.map(({ messages }) => messages)).toEqual([
          ['passed over: 1 of what came "is no result"\nat all'],
          ['passed over: 1 of what came "is no result"\nat all'],
        ]),
      WAIT,
    )
  })

  it('come back by themselves to a server that is started again, and get a whole view', async () => {
    const place = { host: '127.0.0.1', port: await freePort() }
    const first = live(() => T0)
    const server = await serve(first.watched, place)
    const viewer = follow(server.url)
    await vi.waitFor(() => expect(viewer.views).toHaveLength(1), WAIT)
    await server.close()
    const second = live(() => T0)
    second.model.add(hits(0, 5), T0)
    await serve(second.watched, place)
    await vi.waitFor(() => expect(viewer.opened).toBe(2), WAIT)
    await vi.waitFor(() => expect(viewer.views.at(-1)?.rows.hits).toBe(5 * 64), WAIT)
  })

  it('are no more than so many', async () => {
    const { watched } = live()
    const { url } = await serve(watched)
    const viewers = Array.from({ length: MOST_VIEWERS }, () => follow(url))
    await vi.waitFor(() => expect(viewers.every(({ opened }) => opened === 1)).toBe(true), WAIT)
    expect(await ask(`${url}events`)).toMatchObject({ status: 503, body: 'as many look as can: try again later\n' })
    viewers[0].source.close()
    await vi.waitFor(async () => expect((await ask(`${url}events`, { method: 'HEAD' })).status).toBe(200), WAIT)
  })
})

describe('views', () => {
  it('are not made while nobody looks', async () => {
    let now = T0
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => now, model)
    const { url } = await serve(watched)
    for (let i = 0; i < 10; i++) {
      model.add(hits(i, 1), now)
      feed.changed()
      now += 1000
      await sleep(50)
    }
    expect(model.asked).toEqual([])
    const viewer = follow(url)
    await vi.waitFor(() => expect(viewer.views.length).toBeGreaterThan(0), WAIT)
    viewer.source.close()
    await untilSilent(model, feed)
    const asked = model.asked.length
    for (let i = 0; i < 10; i++) {
      feed.changed()
      now += 1000
      await sleep(50)
    }
    expect(model.asked).toHaveLength(asked)
  })

  it('are made once for all who look at the same window', async () => {
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => T0, model)
    const { url } = await serve(watched)
    const viewers = [10, 10, 10, 'cumulative', 'cumulative'].map((window) => follow(url, window))
    await vi.waitFor(() => expect(viewers.every(({ views }) => views.length === 1)).toBe(true), WAIT)
    expect(model.asked.sort()).toEqual([10, 'cumulative'])
    feed.changed()
    await vi.waitFor(() => expect(viewers.every(({ views }) => views.length === 2)).toBe(true), WAIT)
    expect(model.asked.sort()).toEqual([10, 10, 'cumulative', 'cumulative'])
  })

  it('come when the model has changed, or a second has passed', async () => {
    let now = T0
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => now, model)
    const { url } = await serve(watched)
    const { views } = follow(url)
    await vi.waitFor(() => expect(views).toHaveLength(1), WAIT)
    now += 999
    await sleep(1000)
    expect(views).toHaveLength(1)
    now += 1
    await vi.waitFor(() => expect(views).toHaveLength(2), WAIT)
    feed.changed()
    await vi.waitFor(() => expect(views).toHaveLength(3), WAIT)
    await sleep(1000)
    expect(model.asked).toHaveLength(3)
  })

  it('come at most five times a second, however often the model changes', async () => {
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(Date.now, model)
    const { url } = await serve(watched)
    const { views } = follow(url)
    await vi.waitFor(() => expect(views).toHaveLength(1), WAIT)
    for (const end = views[0].atMs + 2000; Date.now() < end; await sleep(5)) feed.changed()
    const stepsMs = views.slice(2).map(({ atMs }, i) => atMs - views[i + 1].atMs)
    expect(stepsMs.length).toBeGreaterThan(0)
    // a timer may fire a millisecond early
    expect(Math.min(...stepsMs)).toBeGreaterThanOrEqual(199)
  })
})

describe('a viewer that does not read', () => {
  /** Connects without taking what comes, and waits until no more is made for it. */
  async function unread(model: AskedModel, feed: { changed(): void }, url: string) {
    model.padding = 'x'.repeat(4 << 20)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await vi.waitFor(() => expect(model.asked.length).toBeGreaterThan(0), WAIT)
    await untilSilent(model, feed)
    return socket
  }

  it('costs no more memory than one view, and gets a new one when it reads again', async () => {
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => T0, model)
    const { url } = await serve(watched)
    const socket = await unread(model, feed, url)
    const made = model.asked.length
    for (let i = 0; i < 5; i++) {
      feed.changed()
      await sleep(250)
    }
    expect(model.asked).toHaveLength(made)
    socket.resume()
    await vi.waitFor(() => {
      feed.changed()
      expect(model.asked.length).toBeGreaterThan(made)
    }, WAIT)
  })

  it('keeps nobody else from reading', async () => {
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => T0, model)
    const { url } = await serve(watched)
    await unread(model, feed, url)
    model.padding = ''
    const { views } = follow(url)
    await vi.waitFor(() => {
      feed.changed()
      expect(views.length).toBeGreaterThan(2)
    }, WAIT)
  })

  it('is told the last message when it reads again', async () => {
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => T0, model)
    const { url } = await serve(watched)
    const socket = await unread(model, feed, url)
    feed.tell('the first')
    feed.tell('the last')
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text = text.slice(-1000) + chunk.toString('latin1')
    })
    await vi.waitFor(() => expect(text).toContain('event: message\ndata: "the last"\n\n'), WAIT)
    expect(text).not.toContain('the first')
  })

  it('is cut when it has not read for long', async () => {
    let now = T0
    const model = new AskedModel(DEFAULT_RUN)
    const { feed, watched } = live(() => now, model)
    const { url } = await serve(watched)
    const socket = await unread(model, feed, url)
    const cut = vi.spyOn(Viewer.prototype, 'cut')
    onTestFinished(() => cut.mockRestore())
    now += 14_000
    await sleep(500)
    expect(cut).not.toHaveBeenCalled()
    now += 2000
    await vi.waitFor(() => expect(cut).toHaveBeenCalledTimes(1), WAIT)
    const closed = once(socket, 'close')
    socket.resume()
    await closed
  })
})

/** Waits until changes of the model bring no more views about. */
async function untilSilent(model: AskedModel, feed: { changed(): void }): Promise<void> {
  for (let before = -1; before !== model.asked.length; ) {
    before = model.asked.length
    feed.changed()
    await sleep(600)
  }
}

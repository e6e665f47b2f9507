import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { evenCells, result, T0 } from '../dashboard/made-up.js'
import { ask, follow, freePort } from '../dashboard/web/server/serving.js'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli } from '../support/built-cli.js'

const WAIT = { timeout: 60_000, interval: 50 }

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

/** Starts `watch --web` and waits until it says where the page is. */
async function watchWeb(...flags: string[]) {
  const { child, ended } = cli.start('watch', '--web', ...flags)
  if (!child.stdout) throw new Error('no pipe')
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(({ stderr }) => Promise.reject(stderr))])
  const url = /http:\/\/\S+\//.exec(line)?.[0] ?? ''
  return { url, child, ended, line: String(line) }
}

async function resultsFile(...seconds: number[]): Promise<string> {
  const file = join(cli.folder, 'results.ndjson')
  const results = seconds.map((second) =>
    result({
      from: second,
      startMs: T0 + (second - 1) * 1000,
      endMs: T0 + second * 1000,
      cells: [evenCells(second)],
    }),
  )
  await writeFile(file, [...results, results[0]].map((one) => `${JSON.stringify(one)}\n`).join(''))
  return file
}

describe('dtstream watch --web', () => {
  it('shows a topic live to several viewers, through a restart, and ends with 130 at Ctrl-C', async () => {
    const port = String(await freePort())
    const first = await watchWeb('--port', port)
    expect(first.line).toBe(`topic:data_clean is shown at http://127.0.0.1:${port}/; Ctrl-C ends\n`)
    const viewers = [follow(first.url), follow(first.url, 300)]
    await vi.waitFor(() => expect(viewers.map(({ views }) => views[0]?.state)).toEqual(['waiting', 'waiting']), WAIT)
    const processing = cli.start('process', '--interval', '200ms')
    await cli.run('replay', 'sim:?seed=3&rows=4000', '--rate', 'max')
    await untilRead(cli)
    const shown = () => viewers.map(({ views }) => views.at(-1)?.rows.read)
    await vi.waitFor(() => expect(shown()).toEqual([4000, 4000]), WAIT)
    const views = viewers.map((viewer) => viewer.views.length)

    first.child.kill('SIGKILL')
    await first.ended
    const second = await watchWeb('--port', port)
    await vi.waitFor(() => expect(viewers.map(({ opened }) => opened)).toEqual([2, 2]), WAIT)
    await vi.waitFor(() => {
      expect(viewers.map((viewer) => viewer.views.length > views[0])).toEqual([true, true])
      expect(shown()).toEqual([4000, 4000])
    }, WAIT)

    const sum = (await (await fetch(`${second.url}download/results.ndjson`)).json()) as Result
    expect(sum.rows.read).toBe(4000)
    second.child.kill('SIGINT')
    const { code, stderr } = await second.ended
    expect([code, stderr]).toEqual([130, ''])
    processing.child.kill('SIGINT')
    await processing.ended
  })

  it('shows files with a slider over their time', async () => {
    const file = await resultsFile(1, 2, 3)
    const { url, line, child, ended } = await watchWeb('--port', '0', '--from', file)
    expect(line).toContain(`${file} is shown at http://127.0.0.1:`)
    expect(await (await fetch(`${url}run`)).json()).toMatchObject({
      title: file,
      recorded: { startMs: T0, endMs: T0 + 3000 },
    })
    for (const [second, hits] of [0, 64, 192, 384].entries()) {
      const view = await (await fetch(`${url}view?at=${T0 + second * 1000}`)).json()
      expect(view).toMatchObject({ rows: { hits }, repeated: 1, gaps: 0 })
    }
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
  })

  it('serves the page, and every file that it names', async () => {
    const { url } = await watchWeb('--port', '0', '--from', await resultsFile(1))
    const page = await fetch(url)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const names = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name]) => name)
    expect(names).toContain('/bokeh/bokeh.min.js')
    for (const name of names) expect([name, (await fetch(new URL(name, url))).status]).toEqual([name, 200])
  })

  it('says once that others can look, where they can', async () => {
    const { url, child, ended } = await watchWeb('--port', '0', '--host', '0.0.0.0', '--from', await resultsFile(1))
    const there = `http://127.0.0.1:${new URL(url).port}/run`
    expect((await ask(there, { headers: { host: 'elsewhere.example' } })).status).toBe(200)
    child.kill('SIGINT')
    expect((await ended).stderr).toBe(`whoever reaches ${url} can look: there is no password\n`)
  })

  it.each([
    [
      'a name of another machine',
      ['--host', '192.0.2.1'],
      1,
      'the page cannot be served at 192.0.2.1:8090: this machine does not have that address',
    ],
    ['no such port', ['--port', '65536'], 2, '--port: Expected an integer less than or equal to 65535'],
    ['--json as well', ['--json'], 2, '--json=true cannot also be provided when using --web'],
    ['files that are not there', ['--from', 'nothere.ndjson'], 1, 'no such file: nothere.ndjson'],
  ])('refuses %s', async (_name, flags, code, sentence) => {
    const ended = await cli.run('watch', '--web', ...flags)
    expect(`${ended.stdout}${ended.stderr}`.replaceAll(/\s+(› )?\s*/g, ' ')).toContain(sentence)
    expect(ended.code).toBe(code)
  })

  it('refuses a port in use before anything is read', async () => {
    const { url } = await watchWeb('--port', '0')
    const { port } = new URL(url)
    const { code, stderr } = await cli.run('watch', '--web', '--port', port, '--from', 'nothere.ndjson')
    expect(stderr).toContain(`the page cannot be served at 127.0.0.1:${port}: the port is in use`)
    expect(code).toBe(1)
  })

  it('refuses files without a result', async () => {
    const file = join(cli.folder, 'empty.ndjson')
    await writeFile(file, '')
    const { code, stderr } = await cli.run('watch', '--web', '--from', file)
    expect(stderr.replaceAll(/\s+(› )?\s*/g, ' ')).toContain('there are no results in')
    expect(code).toBe(1)
  })
})

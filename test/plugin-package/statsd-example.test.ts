import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../support/built-cli.js'

const run = promisify(execFile)
const NPM = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

let folder: string
/** where the example is developed, and where it is used */
let author: string
let user: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'dtstream-plugin-'))
  author = path.join(folder, 'author')
  user = path.join(folder, 'user')
  cpSync(path.join(ROOT, 'examples', 'dtstream-sink-statsd'), author, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'node_modules',
  })
  mkdirSync(user)
  await npm(ROOT, 'pack', '--pack-destination', folder)
  await npm(author, 'install', '--no-save', packed('dtstream-'))
  await npm(author, 'pack', '--pack-destination', folder)
  await npm(user, 'init', '--yes')
  await npm(user, 'install', packed('dtstream-'), packed('dtstream-sink-statsd-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('npm', [...args, ...NPM], { cwd, shell: process.platform === 'win32' })
  return stdout
}

/** The packed file of a package; a version follows its name. */
function packed(name: string): string {
  const file = readdirSync(folder).find((one) => one.startsWith(name) && /^\d/.test(one.slice(name.length)))
  if (!file) throw new Error(`nothing was packed as ${name}`)
  return path.join(folder, file)
}

function dtstream(...args: string[]) {
  const env = { ...process.env, DTSTREAM_LOG: path.join(folder, 'log') }
  return run(process.execPath, [path.join(user, 'node_modules', 'dtstream', 'bin', 'run.js'), ...args], {
    cwd: user,
    env,
  })
}

it("passes dtstream's suite and its own tests, installed as its author would", async () => {
  const output = await npm(author, 'test')
  expect(output).toMatch(/^[ℹ#] fail 0$/m)
  expect(Number(/^[ℹ#] pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(14)
})

it('is of the right types', async () => {
  await npm(author, 'run', 'typecheck')
})

it('is listed, and gets the counts of a run, installed as a user would', async () => {
  // what only tests need does not come along
  expect(existsSync(path.join(user, 'node_modules', 'fast-check'))).toBe(false)
  const plugin = ['--plugin', 'dtstream-sink-statsd']
  expect((await dtstream('plugins', ...plugin)).stdout).toMatch(
    /^ {2}statsd:\/\/HOST\[:PORT\] {2}\[dtstream-sink-statsd@\d+\.\d+\.\d+\]$/m,
  )
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const received = once(server, 'connection').then(([socket]) => text(socket))
    const to = ['--to', `statsd://127.0.0.1:${(server.address() as AddressInfo).port}`, '--interval', '50ms', '--json']
    const { stdout } = await dtstream('process', ...plugin, '--from', 'sim:?seed=4&rows=20000', ...to)
    const summary = JSON.parse(stdout)
    const lines = (await received).split('\n')
    expect(summary.results).toBeGreaterThan(1)
    expect([sumOf('dtstream.results', lines), sumOf('dtstream.rows.read', lines)]).toEqual([summary.results, 20_000])
    expect(summary.sinks).toMatchObject([{ written: summary.results, retried: 0, dropped: 0 }])
  } finally {
    server.close()
  }
})

/** Of a counter: `metric:3|c`. */
function sumOf(metric: string, lines: readonly string[]): number {
  const own = lines.filter((line) => line.startsWith(`${metric}:`))
  return own.reduce((sum, line) => sum + Number(line.slice(metric.length + 1, -'|c'.length)), 0)
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors.js'
import { sinkModule, sourceModule, writePackage } from '../support/plugin-packages.js'
import { type CliOptions, runCli } from '../support/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
  await writePackage(path.join(folder, 'node_modules', 'numbers'), {
    'package.json': { name: 'numbers', version: '1.0.0', exports: './index.mjs' },
    'index.mjs': sinkModule('numbers'),
  })
  await writePackage(folder, { 'few.mjs': sourceModule('few') })
})

const run = (args: string[], env: CliOptions['env'] = {}) =>
  runCli(args, { cwd: folder, env: { DTSTREAM_LOG: path.join(folder, 'log'), ...env } })

describe('dtstream plugins', () => {
  it('lists what is built in, and what plug-ins bring along', async () => {
    const { code, stdout } = await run(['plugins', '--plugin', 'numbers', '--plugin', './few.mjs'])
    expect(code).toBe(EXIT.ok)
    expect(stdout).toMatch(/^ {2}sim:.* {2}\[built in\]$/m)
    expect(stdout).toMatch(/^ {2}few:ROWS {2}\[\.\/few\.mjs\]\n {6}hits, one an orbit$/m)
    expect(stdout).toMatch(
      /^ {2}numbers:FILE {2}\[numbers@1\.0\.0\]\n {6}the numbers of results, in a file\n {6}\?prefix= {2}what stands before each$/m,
    )
    expect(stdout).toMatch(/^ {6}\?on-failure= /m)
  })

  it('gives the same as JSON', async () => {
    const { stdout } = await run(['plugins', '--plugin=numbers', '--json'])
    const { schemes, sinkOptions } = JSON.parse(stdout)
    expect(schemes).toContainEqual({
      ...{ kind: 'sink of results', scheme: 'numbers', from: 'numbers@1.0.0', usage: 'numbers:FILE' },
      ...{ summary: 'the numbers of results, in a file', options: { prefix: 'what stands before each' } },
    })
    expect(schemes.filter(({ from }: { from: string }) => from === 'built in').length).toBeGreaterThan(8)
    expect(Object.keys(sinkOptions)).toEqual(['on-failure', 'retries', 'fallback'])
  })

  it('finds one that a config file names from the folder of that file', async () => {
    await writePackage(folder, { 'dtstream.yaml': 'all: {plugin: [numbers, ./few.mjs]}\n', 'below/empty': '' })
    const { code, stdout } = await runCli(['plugins', '--json'], {
      cwd: path.join(folder, 'below'),
      env: { DTSTREAM_CONFIG: undefined },
    })
    expect(code).toBe(EXIT.ok)
    const origins = JSON.parse(stdout).schemes.map(({ from }: { from: string }) => from)
    expect(origins).toEqual(expect.arrayContaining(['numbers@1.0.0', expect.stringMatching(/few\.mjs$/)]))
  })

  it('tells of one that is not there', async () => {
    const { code, stderr } = await run(['plugins', '--plugin', 'nowhere'])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain('there is no package nowhere for ')
    expect(stderr).toContain('npm install nowhere')
  })
})

describe('plug-ins', () => {
  it('are named by a flag, from a source to a sink', async () => {
    const args = ['--plugin', 'numbers', '--plugin', './few.mjs', '--from', 'few:3000', '--interval', '100ms']
    const { code, stderr, stdout } = await run(['process', ...args, '--to', 'numbers:out?prefix=n', '--json'])
    expect(code, stderr).toBe(EXIT.ok)
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ read: 3000, sinks: [{ name: 'numbers:out?prefix=n', written: summary.results }] })
    const lines = (await readFile(path.join(folder, 'out'), 'utf8')).trim().split('\n')
    expect(lines).toEqual(Array.from({ length: summary.results }, (_, i) => `n${i}`))
  })

  it('are named in the environment, with commas', async () => {
    const env = { DTSTREAM_PLUGINS: 'numbers, ./few.mjs' }
    const replayed = await run(['replay', 'few:500', '--rate', 'max', '--json'], env)
    expect(JSON.parse(replayed.stdout), replayed.stderr).toMatchObject({ rows: 500 })
    const processed = await run(['process', '--from', 'few:500', '--to', 'numbers:out'], env)
    expect(processed.code, processed.stderr).toBe(EXIT.ok)
    expect(await readFile(path.join(folder, 'out'), 'utf8')).toBe('0\n')
  })

  it('are named in the config file, for every command that has them', async () => {
    // a path begins in the file's own folder
    await writePackage(folder, { 'lab/config.yaml': 'all: {plugin: [numbers, ../few.mjs]}' })
    const args = ['--config', 'lab/config.yaml', '--from', 'few:500', '--to', 'numbers:out']
    const { code, stderr } = await run(['process', ...args])
    expect(code, stderr).toBe(EXIT.ok)
  })

  it("fail as their sink's URI says, and what became of its results is told", async () => {
    await writePackage(folder, { 'odd.mjs': ODD })
    const args = ['--plugin', './odd.mjs', '--from', 'sim:?rows=20000&seed=2', '--interval', '100ms']
    const dropping = await run(['process', ...args, '--to', 'odd:?on-failure=drop', '--json'])
    expect(dropping.code, dropping.stderr).toBe(EXIT.ok)
    const { results, sinks } = JSON.parse(dropping.stdout)
    const [dropped, written] = [Math.floor(results / 2), Math.ceil(results / 2)]
    expect(dropped).toBeGreaterThan(0)
    expect(sinks).toEqual([{ name: 'odd:?on-failure=drop', written, retried: 0, fallenBack: 0, dropped }])
    expect(dropping.stderr).toBe('./odd.mjs: odd is not even; what it does not take is dropped, and counted\n')
    const inWords = await run(['process', ...args, '--to', 'odd:?on-failure=drop'])
    expect(inWords.stderr.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`results sent, odd: ${written} written, ${dropped} dropped$`),
    )
    const ending = await run(['process', ...args, '--to', 'odd:'])
    expect(ending.code).toBe(EXIT.failure)
    expect(ending.stderr).toContain('./odd.mjs: odd is not even')
  })

  it('are asked for where a scheme is of none', async () => {
    const { code, stderr } = await run(['process', '--from', 'few:500', '--to', 'null:'])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain("there is no source 'few:'")
    expect(stderr).toContain('a plug-in with another is named with --plugin')
  })
})

/** Takes every second result. */
const ODD = `
  export const contract = 1
  export const sinks = [{
    scheme: 'odd', usage: 'odd:', summary: 'x', options: {},
    open: async ({ text }) => ({
      name: text,
      durable: 'write',
      write: async ({ msg_ID }) => {
        if (msg_ID % 2 === 1) throw new Error('odd is not even')
      },
      close: async () => {},
      abort: async () => {},
    }),
  }]
`

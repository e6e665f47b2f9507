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

  it('are asked for where a scheme is of none', async () => {
    const { code, stderr } = await run(['process', '--from', 'few:500', '--to', 'null:'])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain("there is no source 'few:'")
    expect(stderr).toContain('a plug-in with another is named with --plugin')
  })
})

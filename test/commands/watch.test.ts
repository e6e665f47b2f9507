import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { PNG } from 'pngjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rootJson } from '../../src/core/interchange/root.js'
import { uhiJson } from '../../src/core/interchange/uhi.js'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli } from '../support/built-cli.js'
import { resultOfSize } from '../support/results.js'

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

function resultIn(line: string): Result {
  const result = parseResult(line)
  if (typeof result === 'string') throw new Error(`${result}: ${line}`)
  return result
}

describe('dtstream watch --json', () => {
  it('waits for the topic, prints the sum as it grows, and ends with 130 at Ctrl-C', async () => {
    const watching = cli.start('watch', '--json')
    if (!watching.child.stdout) throw new Error('no pipe')
    const lines: string[] = []
    createInterface(watching.child.stdout).on('line', (line) => lines.push(line))
    await once(watching.child.stderr ?? expect.fail(), 'data')
    const replaying = cli.run('replay', 'sim:?seed=3&rows=4000', '--rate', '2000/s')
    const processing = cli.start('process', '--interval', '200ms')
    await replaying
    await untilRead(cli)
    const rows = () => lines.map((line) => resultIn(line).rows.read)
    while (rows().at(-1) !== 4000) await sleep(50)
    watching.child.kill('SIGINT')
    const { code, stderr } = await watching.ended
    expect(code).toBe(130)
    expect(stderr).toBe('there is no topic data_clean yet: it is waited for\n')
    expect(rows().length).toBeGreaterThan(1)
    expect(rows()).toEqual([...new Set(rows())].sort((a, b) => a - b))
    processing.child.kill('SIGINT')
    await processing.ended
  })

  it('prints the sum of files once, tells what it passed over, and ends with 0', async () => {
    const file = join(cli.folder, 'results.ndjson')
    const results = [0, 1, 2].map((n) => ({
      ...resultOfSize(160, n),
      source: [{ topic: 'data_raw', partition: 0, from: n, to: n + 1, watermark: n }],
    }))
    const lines = [...results, { ...results[0], geometry: 'another' }].map((one) => `${JSON.stringify(one)}\n`)
    await writeFile(file, `hello\n${lines.join('')}`)
    const { code, stdout, stderr } = await cli.run('watch', '--from', file, '--json')
    expect(stdout.trim().split('\n').map(resultIn)).toMatchObject([{ hit_count: 30, source: [{ from: 0, to: 3 }] }])
    expect(stderr).toBe(
      'passed over: 1 of what came is no result\npassed over: 1 of what came is of another geometry\n',
    )
    expect(code).toBe(0)
  })

  it('ends when whoever reads it has gone', async () => {
    await cli.run('replay', 'sim:?seed=3&rows=100', '--rate', 'max')
    const processing = cli.start('process', '--interval', '100ms')
    const watching = cli.start('watch', '--json')
    await once(watching.child.stdout ?? expect.fail(), 'data')
    watching.child.stdout?.destroy()
    const replaying = cli.start('replay', '--rate', '1000/s')
    await once(watching.child, 'exit')
    expect(watching.child.exitCode).toBe(0)
    for (const { child } of [replaying, processing]) child.kill('SIGKILL')
  })

  it.each([
    ['a file that is not there', ['--from', 'nothere.ndjson'], 1, 'no such file: nothere.ndjson'],
    ['two topics', ['--from', 'topic:a', '--from', 'topic:b'], 2, 'one topic, or files, can be watched at a time'],
  ])('prints an error as JSON: %s', async (_name, flags, code, message) => {
    const ended = await cli.run('watch', '--json', ...flags)
    expect(JSON.parse(ended.stdout).error).toMatchObject({ message, exit: code })
    expect(ended.code).toBe(code)
  })
})

describe('dtstream watch --snapshot', () => {
  it('writes what a topic holds once, as what the name says, and ends', async () => {
    await cli.run('replay', 'sim:?seed=3&rows=4000', '--rate', 'max')
    const processing = cli.start('process', '--interval', '200ms')
    await untilRead(cli)
    processing.child.kill('SIGINT')
    await processing.ended
    const names = ['a.png', 'a.svg', 'a.txt', 'a.json', 'a.root.json', 'a.uhi.json']
    const files = names.map((name) => join(cli.folder, name))
    await writeFile(files[0], 'what was there before')
    for (const file of files)
      expect(await cli.run('watch', '--snapshot', file)).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const [png, svg, txt, json, root, uhi] = await Promise.all(files.map((file) => readFile(file)))
    expect(PNG.sync.read(png)).toMatchObject({ width: 2112, height: 1312 })
    expect(svg.toString()).toMatch(/^<svg .*<\/svg>\n$/s)
    expect(txt.toString()).toMatch(/│ rows +4 000 │/)
    const { sum } = JSON.parse(json.toString())
    expect(resultIn(JSON.stringify(sum)).rows.read).toBe(4000)
    expect(root.toString()).toBe(rootJson(sum, DEFAULT_RUN))
    expect(uhi.toString()).toBe(uhiJson(sum, DEFAULT_RUN))
    const printed = await cli.run('watch', '--snapshot', '-')
    expect(printed.stdout.split('\n').length).toBe(txt.toString().split('\n').length)
    expect(printed.stdout).toMatch(/│ rows +4 000 │/)
    // nothing half-written is left
    expect((await readdir(cli.folder)).filter((name) => name.includes('a.')).sort()).toEqual([...names].sort())
  })

  it.each([
    ['a name that says nothing', ['--snapshot', 'x.pdf'], 2, 'does not say what a snapshot is to be written as'],
    ['a file that is not there', ['--snapshot', 'x.txt', '--from', 'nothere.ndjson'], 1, 'no such file'],
    ['results that are yet to come', ['--snapshot', 'x.txt', '--from-end'], 2, 'cannot also be provided'],
  ])('refuses %s, and writes nothing', async (_name, flags, code, message) => {
    const ended = await cli.run('watch', ...flags)
    expect(ended.stderr.replaceAll(/\s+[›»]?\s*/g, ' ')).toContain(message)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })
})

it('dtstream watch without a terminal names the way out', async () => {
  const { code, stdout, stderr } = await cli.run('watch')
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('standard output or input is none')
  expect(stderr).toContain('--json')
  expect([code, stdout]).toEqual([2, ''])
})

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { Cli } from '../support/built-cli.js'
import { sumOf } from '../support/lane-topic.js'

const ROWS = 30_000
const SOURCE = `sim:?seed=7&rows=${ROWS}`

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

/** The file that is being written to. */
const hidden = () => readdirSync(cli.folder).find((name) => /^\.results\.ndjson\..*\.part$/.test(name))

/** Starts `process`, and waits until its file has results of all lanes. */
async function processInto(file: string) {
  const processing = cli.start('process', '--to', file, '--interval', '50ms', '--workers', '2')
  for (let rows = 0; rows < ROWS; await sleep(50)) {
    const text = await readFile(join(cli.folder, hidden() ?? 'none'), 'utf8').catch(() => '')
    rows = readLines(text).reduce((sum, result) => sum + result.rows.read, 0)
  }
  return processing
}

/** The results on all lines that are whole. */
function readLines(text: string): Result[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Result)
}

it('a process that is killed before its file is whole leaves no file and commits nothing; the next has everything', async () => {
  const file = join(cli.folder, 'results.ndjson')
  await cli.run('replay', SOURCE, '--rate', 'max')
  const killed = await processInto(file)
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(existsSync(file)).toBe(false)
  const { groups } = await cli.json<{ groups: unknown[] }>('topics', 'describe', 'data_raw')
  expect(groups).toEqual([])
  rmSync(join(cli.folder, hidden() ?? expect.fail('no hidden file')))

  const next = await processInto(file)
  next.child.kill('SIGINT')
  expect((await next.ended).code).toBe(130)
  expect(hidden()).toBeUndefined()
  const [truth] = readLines((await cli.run('process', '--from', SOURCE, '--to', 'stdout:')).stdout)
  expect(compareCounts(truth, sumOf(readLines(await readFile(file, 'utf8'))))).toEqual([])

  const again = await cli.json<{ groups: { lag: number }[] }>('topics', 'describe', 'data_raw')
  expect(again.groups).toMatchObject([{ group: 'dtstream', lag: 0 }])
})

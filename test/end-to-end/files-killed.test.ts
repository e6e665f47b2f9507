import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import { compareCounts } from '../../src/core/results/compare.js'
import { parseRangeFileName } from '../../src/core/results/file-names.js'
import type { Result } from '../../src/core/results/result.js'
import { Cli, seeded } from '../support/built-cli.js'
import { untilRead } from './until-read.js'

const KILLS = 20
const ROWS = 60_000
const SOURCE = `sim:?seed=13&rows=${ROWS}`
const SLOW = 300_000
/** A busy machine syncs slowly. */
const PATIENCE_MS = 150_000

let cli: Cli
let results: string
let hits: string
beforeEach(() => {
  cli = new Cli()
  results = join(cli.folder, 'results')
  hits = join(cli.folder, 'hits')
})
afterEach(() => cli.dispose())

/** Files of a folder, those in its folders too, by name; `part` those that a killed process has left. */
function filesIn(folder: string): { whole: string[]; part: string[] } {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  const isPart = (path: string) => path.endsWith('.part')
  return { whole: paths.filter((path) => !isPart(path)), part: paths.filter(isPart) }
}

/** Each lane's ranges follow each other without hole or overlap; parts of one range, of several hours, count once. */
function expectChains(paths: readonly string[]): void {
  const lanes = new Map<string, Map<number, number>>()
  for (const path of paths) {
    const name = parseRangeFileName(path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, ''))
    if (!name) throw new Error(`${path} is named as no file of ours`)
    const ranges = lanes.get(name.lane) ?? new Map<number, number>()
    if (name.from < name.to) ranges.set(name.from, Math.max(name.to, ranges.get(name.from) ?? 0))
    lanes.set(name.lane, ranges)
  }
  expect(lanes.size).toBe(10)
  for (const ranges of lanes.values()) {
    const sorted = [...ranges].sort(([a], [b]) => a - b)
    expect(sorted.map(([from]) => from)).toEqual([0, ...sorted.slice(0, -1).map(([, to]) => to)])
  }
}

async function recordedRows(paths: readonly string[]): Promise<number> {
  let rows = 0
  for (const path of paths) rows += tableFromIPC(readParquet(await readFile(path)).intoIPCStream()).numRows
  return rows
}

const merged = async (...from: string[]) =>
  JSON.parse((await cli.run('merge', ...from, '--to', 'stdout:')).stdout) as Result
const analysed = async (from: string) =>
  JSON.parse((await cli.run('process', '--from', from, '--to', 'stdout:')).stdout) as Result

describe.each([
  ['to files alone', []],
  ['to a topic and files', ['--to', 'topic:data_clean']],
])('process %s', (_, also) => {
  it(
    `killed ${KILLS} times at random while rows flow leaves no file torn, missing or there twice`,
    async () => {
      const seed = Number(process.env.SEED ?? Date.now() % 1e6)
      console.log(`files, killed: SEED=${seed}`)
      const random = seeded(seed)
      const args = ['process', '--workers', '2', '--interval', '200ms', ...also, '--to', `file:${results}/`]
      args.push('--hits-to', `file:${hits}/`)
      const replay = cli.start('replay', SOURCE, '--rate', '4k/s')
      for (let kill = 0; kill < KILLS; kill++) {
        const victim = cli.start(...args)
        await sleep(350 + random() * 600)
        victim.child.kill('SIGKILL')
        expect((await victim.ended).signal).toBe('SIGKILL')
      }
      expect((await replay.ended).code).toBe(0)
      const last = cli.start(...args)
      await Promise.race([
        untilRead(cli, 'dtstream', PATIENCE_MS),
        last.ended.then(({ stderr }) => expect.fail(stderr)),
      ])
      last.child.kill('SIGINT')
      expect((await last.ended).code).toBe(130)

      const truth = await analysed(SOURCE)
      const { whole, part } = filesIn(results)
      const recorded = filesIn(hits)
      console.log(
        `${whole.length} files of results, ${recorded.whole.length} of hits; left hidden: ${part.length}, ${recorded.part.length}`,
      )
      expectChains(whole)
      expectChains(recorded.whole)
      expect(compareCounts(truth, await merged(results))).toEqual([])
      expect(await recordedRows(recorded.whole)).toBe(truth.rows.hits + truth.rows.scintillator)
      const again = await analysed(hits)
      const { read, hits: count, scintillator, late } = again.rows
      expect([read, late]).toEqual([count + scintillator, 0])
      const { ancillary, unmapped, malformed } = truth.rows
      const rows = { ...again.rows, ancillary, unmapped, malformed, read: truth.rows.read }
      expect(compareCounts(truth, { ...again, rows })).toEqual([])
      if (also.length > 0)
        expect(await cli.json<Audit>('audit')).toMatchObject({ verdict: 'exact', rows: ROWS, pending: 0, late: 0 })
    },
    SLOW,
  )
})

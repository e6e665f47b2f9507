import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { expect } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import { compareCounts } from '../../src/core/results/compare.js'
import { parseRangeFileName } from '../../src/core/results/file-names.js'
import type { Result } from '../../src/core/results/result.js'
import { untilRead } from '../end-to-end/until-read.js'
import { type Cli, seeded } from './built-cli.js'

export const KILLS = 20
const ROWS = 60_000
const SOURCE = `sim:?seed=13&rows=${ROWS}`
/** A busy machine syncs slowly. */
const PATIENCE_MS = 150_000

/** A place for files: how it is named, and the folder on this machine in which it can be looked at. */
export interface Place {
  uri: string
  folder: string
}

export interface KilledTrial {
  cli: Cli
  results: Place
  hits: Place
  /** more sinks */
  also: readonly string[]
}

/** Files of a folder, those in its folders too, by name; `part` those that a killed process has left. */
function filesIn(folder: string): { whole: string[]; part: string[] } {
  if (!existsSync(folder)) return { whole: [], part: [] }
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

async function resultOf(cli: Cli, ...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await cli.run(...args, '--to', 'stdout:')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Result
}

async function untilMoreThan(before: number, folder: string): Promise<void> {
  while (filesIn(folder).whole.length <= before) await sleep(50)
}

/** `process` killed at random moments in which it is at work: no file torn, missing or there twice, and all counts right. */
export async function expectExactWhenKilled({ cli, results, hits, also }: KilledTrial): Promise<void> {
  const seed = Number(process.env.SEED ?? Date.now() % 1e6)
  console.log(`files, killed: SEED=${seed}`)
  const random = seeded(seed)
  const args = ['process', '--workers', '2', '--interval', '200ms', ...also]
  args.push('--to', results.uri, '--hits-to', hits.uri)
  const replay = cli.start('replay', SOURCE, '--rate', '2500/s')
  for (let kill = 0; kill < KILLS; kill++) {
    const before = filesIn(results.folder).whole.length
    const victim = cli.start(...args)
    // at work by then, as long as there are rows
    await Promise.race([untilMoreThan(before, results.folder), replay.ended])
    await sleep(random() * 400)
    victim.child.kill('SIGKILL')
    expect((await victim.ended).signal).toBe('SIGKILL')
  }
  expect((await replay.ended).code).toBe(0)
  const last = cli.start(...args)
  await Promise.race([untilRead(cli, 'dtstream', PATIENCE_MS), last.ended.then(({ stderr }) => expect.fail(stderr))])
  last.child.kill('SIGINT')
  expect((await last.ended).code).toBe(130)

  const truth = await resultOf(cli, 'process', '--from', SOURCE)
  const { whole, part } = filesIn(results.folder)
  const recorded = filesIn(hits.folder)
  console.log(
    `${whole.length} files of results, ${recorded.whole.length} of hits; left hidden: ${part.length}, ${recorded.part.length}`,
  )
  expectChains(whole)
  expectChains(recorded.whole)
  expect(compareCounts(truth, await resultOf(cli, 'merge', results.uri))).toEqual([])
  expect(await recordedRows(recorded.whole)).toBe(truth.rows.hits + truth.rows.scintillator)
  const again = await resultOf(cli, 'process', '--from', hits.uri)
  const { read, hits: count, scintillator, late } = again.rows
  expect([read, late]).toEqual([count + scintillator, 0])
  const { ancillary, unmapped, malformed } = truth.rows
  const rows = { ...again.rows, ancillary, unmapped, malformed, read: truth.rows.read }
  expect(compareCounts(truth, { ...again, rows })).toEqual([])
  if (also.length > 0)
    expect(await cli.json<Audit>('audit')).toMatchObject({ verdict: 'exact', rows: ROWS, pending: 0, late: 0 })
}

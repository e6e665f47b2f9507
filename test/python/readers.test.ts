import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PYTHON } from '../../scripts/python/readers.js'
import type { Result } from '../../src/core/results/result.js'
import { Cli } from '../support/built-cli.js'

/** Muons of all chambers over more than an hour of detector time. */
const SOURCE = 'sim:?seed=5&rows=60000&muons=0.5/s&noise=0/s&noisy=none&orbit=0'
const READ = fileURLToPath(new URL('read.py', import.meta.url))
/** Sums of doubles in another order. */
const NEAR = 1e-9

interface HitSums {
  rows: number
  hits: number
  chamber: number
  layer: number
  wire: number
  orbit: number
  time_ns: number
  latest: number
  hour: number
  run: number
  types?: Record<string, string>
  names?: string[]
}

interface ResultSums {
  results: number
  hits: number
  read: number
  drift: number
  start: string
}

interface Found {
  hits: Record<string, HitSums>
  results: Record<string, ResultSums>
}

const LIBRARIES = ['pyarrow, Parquet', 'pyarrow, Arrow', 'DuckDB', 'polars, Parquet', 'polars, Arrow']

let cli: Cli
let truth: Result
let found: Found
beforeAll(async () => {
  cli = new Cli()
  const at = (name: string) => join(cli.folder, name)
  const to = [
    '--to',
    'stdout:',
    '--to',
    `file:${at('parquet')}/?format=parquet`,
    '--to',
    `file:${at('arrow')}/?format=arrow`,
  ]
  const hitsTo = ['--hits-to', at('hits'), '--hits-to', `file:${at('hits-arrow')}?format=arrow`]
  const { code, stderr } = await cli.run('process', '--from', SOURCE, '--interval', '10m', ...to, ...hitsTo)
  expect([code, stderr]).toEqual([0, expect.stringContaining('results sent')])
  truth = JSON.parse((await cli.run('process', '--from', SOURCE, '--to', 'stdout:')).stdout) as Result
  const folders = ['parquet', 'arrow', 'hits', 'hits-arrow'].map(at)
  found = JSON.parse(execFileSync(PYTHON, [READ, ...folders], { encoding: 'utf8' })) as Found
}, 120_000)
afterAll(() => cli.dispose())

describe.each(LIBRARIES)('hits read by %s', (library) => {
  it('are those of the rows, count for count, each where it was', () => {
    const { types: _, names: __, ...sums } = found.hits[library]
    const { scintillator, hits } = truth.rows
    const perChamber = truth.hit_count_chamber
    expect(sums).toMatchObject({
      rows: hits + scintillator,
      hits,
      chamber: perChamber.reduce((sum, count, chamber) => sum + chamber * count, 0),
      ...layersAndWires(truth),
      hour: 0,
      run: 0,
    })
    const [first] = LIBRARIES
    expect(sums.orbit).toBe(found.hits[first].orbit)
    expect(Math.abs(sums.time_ns / found.hits[first].time_ns - 1)).toBeLessThan(NEAR)
    expect(sums.latest).toBe(found.hits[first].latest)
    expect(sums.latest).toBeLessThan(89_100)
  })
})

describe('hits read by pyarrow', () => {
  it.each(['pyarrow, Parquet', 'pyarrow, Arrow'])('%s: have their types and what they say of themselves', (library) => {
    const { types, names } = found.hits[library]
    expect(types).toMatchObject({
      orbit: expect.stringMatching('^uint32'),
      chamber: 'uint8',
      layer: 'uint8',
      wire: 'uint8',
      time_ns: expect.stringMatching('^double'),
      run: 'int32',
      hour: 'int32',
    })
    expect(names).toEqual(expect.arrayContaining(['geometry', 'group', 'run', 'schema', 'source']))
  })

  it('are of several hours, in a folder each', () => {
    expect(readdirSync(join(cli.folder, 'hits/run=0')).length).toBeGreaterThan(1)
  })
})

describe.each(LIBRARIES)('results read by %s', (library) => {
  it('add up to the batch analysis', () => {
    const { results, start, ...sums } = found.results[library]
    const drift = Object.values(truth.drift_time_chamber).flatMap(({ hist_counts }) => hist_counts)
    expect(sums).toEqual({
      hits: truth.hit_count,
      read: truth.rows.read,
      drift: drift.reduce((sum, count) => sum + count, 0),
    })
    expect(results).toBe(readdirSync(join(cli.folder, 'parquet')).length)
    expect(results).toBeGreaterThan(3)
    expect(start).toMatch(/^20\d\d-\d\d-\d\dT/)
  })
})

/** From the channels that occurred: a cell's layer is known by the channel modulo 4, its wire by the rest. */
function layersAndWires({ tdc_counts_chamber }: Result): { layer: number; wire: number } {
  const layerOf = [4, 2, 3, 1]
  let layer = 0
  let wire = 0
  for (const { bin_edges, hist_counts } of Object.values(tdc_counts_chamber)) {
    for (const [i, channel] of bin_edges.entries()) {
      const cell = channel % 64
      layer += layerOf[cell % 4] * hist_counts[i]
      wire += Math.floor(cell / 4) * hist_counts[i]
    }
  }
  return { layer, wire }
}

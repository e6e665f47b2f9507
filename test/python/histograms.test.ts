import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PYTHON } from '../../scripts/python/readers.js'
import type { Result, SparseCounts } from '../../src/core/results/result.js'
import { Cli } from '../support/built-cli.js'

const READ = fileURLToPath(new URL('histograms.py', import.meta.url))

interface Contents {
  counts: number[] | number[][]
  sum: number
  axes: (number | string)[][]
  flow: [boolean, boolean][]
}

interface Found {
  'boost-histogram': Record<string, Contents>
  hist: Record<string, Contents>
  words: Record<string, { name: string; label: string; axes: [string, string][] }>
  metadata: Record<string, Record<string, string>>
  scintillator: number
  'wire 5': Record<string, number>
}

const CHAMBERS = [0, 1, 2, 3]
const LIBRARIES = ['boost-histogram', 'hist'] as const

let cli: Cli
let truth: Result
let found: Found
beforeAll(async () => {
  cli = new Cli()
  const file = join(cli.folder, 'run.uhi.json')
  const of = ['process', '--from', 'sim:?seed=5&rows=200000', '--orbit-detail', 'none']
  const { code, stdout } = await cli.run(...of, '--to', 'stdout:', '--to', file)
  expect(code).toBe(0)
  truth = JSON.parse(stdout) as Result
  found = JSON.parse(execFileSync(PYTHON, [READ, file], { encoding: 'utf8' })) as Found
}, 120_000)
afterAll(() => cli.dispose())

/** Counts by place, from those that occur. */
function dense({ bin_edges, hist_counts }: SparseCounts, length: number, place: (edge: number) => number): number[] {
  const counts = Array<number>(length).fill(0)
  for (const [i, edge] of bin_edges.entries()) counts[place(edge)] += hist_counts[i]
  return counts
}

const cells = (counts: SparseCounts) => dense(counts, 64, (channel) => channel % 64)
/** From the bottom up, by c modulo 4. */
const LAYERS = [3, 1, 2, 0]
const mapOf = (counts: SparseCounts) => {
  const byCell = cells(counts)
  return Array.from({ length: 16 }, (_, wire) => LAYERS.map((mod) => byCell[4 * wire + mod]))
}
const whole = (first: number, bins: number) => Array.from({ length: bins + 1 }, (_, i) => first - 0.5 + i)

describe.each(LIBRARIES)('histograms read by %s', (library) => {
  it('have all counts of the result', () => {
    const counts = (name: string) => found[library][name].counts
    const { hits, scintillator, ancillary, unmapped, malformed } = truth.rows
    expect(counts('rows')).toEqual([hits, scintillator, ancillary, unmapped, malformed])
    for (const chamber of CHAMBERS) {
      const all = truth.tdc_counts_chamber[chamber]
      const some = truth.tdc_counts_scintillator_chamber[chamber]
      expect(counts(`occupancy_chamber_${chamber}`)).toEqual(cells(all))
      expect(counts(`occupancy_scintillator_chamber_${chamber}`)).toEqual(cells(some))
      expect(counts(`map_chamber_${chamber}`)).toEqual(mapOf(all))
      expect(counts(`map_scintillator_chamber_${chamber}`)).toEqual(mapOf(some))
      const drift = truth.drift_time_chamber[chamber]
      const inside = dense(drift, 260, (edge) => Math.round((edge + 100) / 2.5))
      expect(counts(`drift_time_chamber_${chamber}`)).toEqual([drift.underflow, ...inside, drift.overflow])
      expect(counts(`multiplicity_chamber_${chamber}`)).toEqual(truth.active_multiplicity_chamber[chamber])
      expect(found[library][`map_chamber_${chamber}`].sum).toBe(truth.hit_count_chamber[chamber])
    }
    expect(Object.keys(found[library])).toHaveLength(1 + 6 * CHAMBERS.length)
    expect(truth.drift_time_chamber[0].underflow).toBeGreaterThan(0)
  })

  it('have the axes that they should', () => {
    const { axes, flow } = found[library].map_chamber_2
    expect([axes, flow]).toEqual([
      [whole(0, 16), whole(1, 4)],
      [
        [false, false],
        [false, false],
      ],
    ])
    const drift = found[library].drift_time_chamber_2
    const [edges] = drift.axes as number[][]
    expect(edges).toHaveLength(261)
    // boost-histogram rounds otherwise
    for (const [i, edge] of edges.entries()) expect(edge).toBeCloseTo(-100 + 2.5 * i, 9)
    expect(drift.flow).toEqual([[true, true]])
    expect(found[library].occupancy_chamber_1.axes).toEqual([whole(0, 64)])
    expect(found[library].multiplicity_chamber_1.axes).toEqual([whole(1, 64)])
    expect(found[library].rows.axes).toEqual([['hits', 'scintillator', 'ancillary', 'unmapped', 'malformed']])
  })
})

it('hist knows names and labels, and finds counts by them', () => {
  expect(found.words.map_chamber_2).toEqual({
    name: 'map_chamber_2',
    label: 'Occupancy of chamber 2',
    axes: [
      ['wire', 'wire'],
      ['layer', 'layer'],
    ],
  })
  expect(found.words.drift_time_chamber_0.axes).toEqual([['drift_time', 'drift time (ns)']])
  expect(found.scintillator).toBe(truth.rows.scintillator)
  const byCell = cells(truth.tdc_counts_chamber[2])
  expect(found['wire 5']).toEqual({ 1: byCell[23], 2: byCell[21], 3: byCell[22], 4: byCell[20] })
})

it('they say of what run they are', () => {
  for (const metadata of Object.values(found.metadata))
    expect(metadata).toMatchObject({ run: 'minidt', geometry: truth.geometry, ...truth.interval })
})

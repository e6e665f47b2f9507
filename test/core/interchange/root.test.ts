import fc from 'fast-check'
import { parse } from 'jsroot/core'
import { makeSVG } from 'jsroot/draw'
import { describe, expect, it } from 'vitest'
import { rootJson } from '../../../src/core/interchange/root.js'
import { emptyResult } from '../../../src/core/results/empty-result.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { type ResultDraft, resultOf } from '../../support/results.js'
import { activeOf, anyDraft, BINS, countOf, hitsOf, LAYER_OF } from './drafts.js'

/** As JSROOT has them, with the methods that it gives them. */
interface Axis {
  fTitle: string
  fNbins: number
  fXmin: number
  fXmax: number
  fLabels: { arr: { fString: string; fUniqueID: number }[] } | null
}
interface Histogram {
  _typename: string
  fName: string
  fTitle: string
  fXaxis: Axis
  fYaxis: Axis
  fEntries: number
  fNcells: number
  fArray: number[]
  fTsumw: number
  fTsumw2: number
  fTsumwx: number
  fTsumwx2: number
  fTsumwy: number
  fTsumwy2: number
  fTsumwxy: number
  getBinContent(x: number, y?: number): number
  getBinError(bin: number): number
}
interface Folder {
  _typename: string
  fTitle: string
  fFolders: { arr: Histogram[] }
}

const CHAMBERS = DEFAULT_RUN.chambers.map((_, chamber) => chamber)

function read(json: string): { folder: Folder; named(name: string): Histogram } {
  const folder = parse(json) as Folder
  return {
    folder,
    named: (name) => folder.fFolders.arr.find(({ fName }) => fName === name) ?? expect.fail(`no ${name}`),
  }
}

const readDraft = (draft: ResultDraft) => read(rootJson(resultOf(draft), DEFAULT_RUN))

/** Contents by bin, those below and above the axis first and last. */
function contents(histogram: Histogram): number[] {
  return Array.from({ length: histogram.fXaxis.fNbins + 2 }, (_, bin) => histogram.getBinContent(bin))
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe('histograms read by JSROOT', () => {
  it('have every hit in the cell, wire and layer that it was in', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { named } = readDraft(draft)
        for (const chamber of CHAMBERS)
          for (const [ending, which] of [
            ['', 'all'],
            ['_scintillator', 'with scintillator'],
          ] as const) {
            const cells = hitsOf(draft, chamber, which).map(({ cell }) => cell)
            const occupancy = named(`occupancy${ending}_chamber_${chamber}`)
            expect(contents(occupancy)).toEqual([0, ...Array.from({ length: 64 }, (_, c) => countOf(cells, c)), 0])
            const map = named(`map${ending}_chamber_${chamber}`)
            for (let c = 0; c < 64; c++)
              expect(map.getBinContent(1 + (c >> 2), LAYER_OF[c % 4])).toBe(countOf(cells, c))
            expect([occupancy.fEntries, map.fEntries, sum(map.fArray)]).toEqual(Array(3).fill(cells.length))
          }
      }),
      { numRuns: 20 },
    )
  })

  it('have every drift time, those beyond the axis too, and every orbit', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { named } = readDraft(draft)
        for (const chamber of CHAMBERS) {
          const bins = hitsOf(draft, chamber, 'with scintillator').map(({ bin }) => bin)
          const drift = named(`drift_time_chamber_${chamber}`)
          expect(contents(drift)).toEqual(Array.from({ length: BINS + 2 }, (_, i) => countOf(bins, i - 1)))
          const inside = bins.filter((bin) => bin >= 0 && bin < BINS)
          expect([drift.fEntries, drift.fTsumw]).toEqual([bins.length, inside.length])
          const active = activeOf(draft, chamber)
          const orbits = contents(named(`multiplicity_chamber_${chamber}`))
          expect(orbits).toEqual(Array.from({ length: 66 }, (_, n) => countOf(active, n)))
        }
      }),
      { numRuns: 20 },
    )
  })

  it('have the sums by which ROOT knows means and widths', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { named } = readDraft(draft)
        const places = hitsOf(draft, 2, 'all').map(({ cell }) => ({ cell, x: cell >> 2, y: LAYER_OF[cell % 4] }))
        const of = (value: (place: (typeof places)[number]) => number) => sum(places.map(value))
        expect(named('occupancy_chamber_2')).toMatchObject({
          ...{ fTsumw: places.length, fTsumw2: places.length },
          ...{ fTsumwx: of(({ cell }) => cell), fTsumwx2: of(({ cell }) => cell ** 2) },
        })
        expect(named('map_chamber_2')).toMatchObject({
          ...{ fTsumw: places.length, fTsumwx: of(({ x }) => x), fTsumwx2: of(({ x }) => x * x) },
          ...{ fTsumwy: of(({ y }) => y), fTsumwy2: of(({ y }) => y * y), fTsumwxy: of(({ x, y }) => x * y) },
        })
        const times = hitsOf(draft, 2, 'with scintillator').filter(({ bin }) => bin >= 0 && bin < BINS)
        const drift = named('drift_time_chamber_2')
        expect(drift.fTsumwx).toBeCloseTo(sum(times.map(({ bin }) => -98.75 + 2.5 * bin)), 6)
        expect(drift.getBinError(100)).toBe(Math.sqrt(drift.getBinContent(100)))
      }),
      { numRuns: 20 },
    )
  })

  it('have rows by class, each bin with its label', () => {
    const others = { ancillary: 5, unmapped: 3, malformed: 2 }
    const hit = { chamber: 1, cell: 3, bin: 7 }
    const { named } = readDraft({
      orbits: [{ orbit: 7, scintillator: true, hits: [hit, hit] }],
      lateHits: [hit],
      others,
    })
    const rows = named('rows')
    expect(rows.fXaxis.fLabels?.arr.map(({ fString, fUniqueID }) => [fString, rows.getBinContent(fUniqueID)])).toEqual([
      ['hits', 3],
      ['scintillator', 1],
      ['ancillary', 5],
      ['unmapped', 3],
      ['malformed', 2],
    ])
    expect(rows.fEntries).toBe(14)
  })

  it('have axes in the units of what is on them, and names of their own', () => {
    const { folder, named } = readDraft({
      orbits: [],
      lateHits: [],
      others: { ancillary: 0, unmapped: 0, malformed: 0 },
    })
    expect(folder._typename).toBe('TFolder')
    expect(folder.fTitle).toMatch(
      /^run minidt \(geometry [0-9a-f]{16}\), rows taken in from 2024-03-01T00:00:00.000Z to /,
    )
    expect(folder.fFolders.arr).toHaveLength(1 + 6 * CHAMBERS.length)
    expect(new Set(folder.fFolders.arr.map(({ fName }) => fName)).size).toBe(25)
    const axis = ({ fTitle, fNbins, fXmin, fXmax }: Axis) => [fTitle, fNbins, fXmin, fXmax]
    const { fXaxis, fYaxis, _typename, fNcells, fArray } = named('map_chamber_0')
    expect([_typename, fNcells, fArray.length]).toEqual(['TH2D', 18 * 6, 18 * 6])
    expect([axis(fXaxis), axis(fYaxis)]).toEqual([
      ['wire', 16, -0.5, 15.5],
      ['layer', 4, 0.5, 4.5],
    ])
    const drift = named('drift_time_chamber_3')
    expect([drift._typename, axis(drift.fXaxis), drift.fYaxis.fTitle]).toEqual([
      'TH1D',
      ['drift time (ns)', 260, -100, 550],
      'hits',
    ])
    expect(axis(named('occupancy_chamber_0').fXaxis)).toEqual(['cell', 64, -0.5, 63.5])
    expect(axis(named('multiplicity_chamber_0').fXaxis)).toEqual(['active channels', 64, 0.5, 64.5])
  })

  it('are drawn by it', async () => {
    const hits = Array.from({ length: 64 }, (_, cell) => ({ chamber: 0, cell, bin: cell }))
    const { named } = readDraft({
      orbits: [{ orbit: 1, scintillator: true, hits }],
      lateHits: [],
      others: { ancillary: 0, unmapped: 0, malformed: 0 },
    })
    for (const [name, ...words] of [
      ['drift_time_chamber_0', 'Drift time in chamber 0', 'drift time (ns)', 'hits'],
      ['map_chamber_0', 'Occupancy of chamber 0', 'wire', 'layer'],
    ]) {
      const svg = await makeSVG({ object: named(name), width: 600, height: 400 })
      for (const word of words) expect(svg).toContain(word)
      expect(svg).toContain('64')
    }
  })
})

describe('the sum of no results', () => {
  it('has all histograms, and nothing in them', () => {
    const { folder } = read(rootJson(emptyResult(DEFAULT_RUN), DEFAULT_RUN))
    expect(folder.fTitle).toMatch(/, no rows$/)
    expect(folder.fFolders.arr.map(({ fEntries }) => fEntries)).toEqual(Array(25).fill(0))
  })
})

it('another run file is refused', () => {
  const other = { ...DEFAULT_RUN, name: 'other', cell: { ...DEFAULT_RUN.cell, width_mm: 40 } }
  const result = emptyResult(DEFAULT_RUN)
  expect(() => rootJson(result, other)).toThrow(
    `the results were made with another run file than 'other' (geometry ${result.geometry})`,
  )
})

import { describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { Tally } from '../../../src/core/results/tally.js'
import { createChamberMap } from '../../../src/core/run-file/chamber-map.js'
import { type Chamber, DEFAULT_RUN, type RunFile } from '../../../src/core/run-file/run-file.js'
import { expectExact, foldOptions, foldText, parseAll, take } from '../../support/lane.js'
import { oracleCounts } from '../../support/oracle.js'

const LABEL = {
  msg_ID: 7,
  worker: 'g/0',
  interval: { start: '2024-01-01T00:00:00.000Z', end: '2024-01-01T00:00:01.000Z' },
  source: [{ topic: 'data_raw', partition: 3, from: 5, to: 9, watermark: 4 }],
  geometry: 'abc',
  run: 2,
}

describe('drift times', () => {
  it('fall into their bins, to the TDC count, from underflow to overflow', () => {
    const hits = Array.from({ length: 1200 }, (_, i) => 30 * 1000 - 300 + i).flatMap((time) =>
      [0, 64].flatMap((channel) =>
        [0, 1].map((fpga) => `2,${fpga},${channel},5,${Math.floor(time / 30)},${time % 30}`),
      ),
    )
    const rows = [...hits, '2,1,128,5,1000,0']
    const result = foldText(rows.join('\n'))
    expectExact(result, oracleCounts(rows))
    const { underflow, overflow, bin_edges } = result.drift_time_chamber['0']
    expect(underflow).toBeGreaterThan(0)
    expect(overflow).toBeGreaterThan(0)
    expect([bin_edges[0], bin_edges.at(-1), bin_edges.length]).toEqual([-100, 547.5, 260])
  })

  it('count from the earliest of several scintillator signals, in whatever order they come', () => {
    for (const signals of [
      [1000, 1001, 3000],
      [3000, 1000, 1001],
    ]) {
      const rows = ['2,0,5,9,1004,3', ...signals.map((bx) => `2,1,128,9,${bx},4`), '2,0,6,9,990,3']
      expectExact(foldText(rows.join('\n')), oracleCounts(rows))
    }
  })
})

describe('a result', () => {
  it('has its label, and the counts are cleared when it is taken', () => {
    const tally = new Tally(DEFAULT_RUN, true)
    expect(tally.isEmpty).toBe(true)
    const fold = new LaneFold(foldOptions())
    const { columns, length } = parseAll(
      '2,0,5,100,50,1\n2,0,6,100,0,1\n2,0,6,100,999,1\n2,1,128,100,40,0\n2,1,70,300,1,1\n4,0,0,1,1,1\n2,1,137,1,1,1\n',
    )
    fold.fold(columns, 0, length)
    fold.addMalformed(1)
    fold.end()
    const { run, ...label } = LABEL
    const result = fold.tally.take(LABEL)
    expect(result).toMatchObject({ schema: 'dtstream.result/1', ...label })
    expect(result.orbits).toEqual({ first: 100, last: 300, count: 2, run })
    expect(result.rows).toEqual({ read: 8, hits: 4, scintillator: 1, ancillary: 1, unmapped: 1, malformed: 1, late: 0 })
    expect(result.drift_time_chamber['0']).toMatchObject({ hist_counts: [1], underflow: 1, overflow: 1 })
    expect(fold.tally.isEmpty).toBe(true)
    expect(fold.tally.take(LABEL)).toEqual(new Tally(DEFAULT_RUN, true).take(LABEL))
  })

  it('has orbits of the same number in two runs once in its list, counts added', () => {
    const fold = new LaneFold(foldOptions())
    const { columns, length } = parseAll('2,0,5,100,1,1\n2,0,6,100,1,1\n2,0,5,90,1,1\n')
    fold.fold(columns, 0, length)
    fold.end()
    fold.fold(columns, 0, length)
    fold.end()
    const result = fold.tally.take(LABEL)
    expect(result.active_tdc_chamber?.['0']).toEqual({ bin_edges: [90, 100], hist_counts: [2, 4] })
    expect(result.active_multiplicity_chamber['0'].slice(0, 3)).toEqual([2, 2, 0])
  })

  it('leaves out the list of orbits where it is not asked for, and nothing else', () => {
    const text = '2,0,5,100,1,1\n2,1,128,100,0,0\n2,1,70,300,1,1\n'
    const { active_tdc_chamber, ...rest } = foldText(text)
    expect(active_tdc_chamber).toBeDefined()
    expect(foldText(text, { orbitDetail: false })).toEqual(rest)
  })

  it('leaves it out where it would be too long to read, until the next one', () => {
    const tally = new Tally(DEFAULT_RUN, true)
    const mask = Uint32Array.from({ length: 8 }, () => 0xffff_ffff)
    for (let orbit = 0; orbit <= 1_000_000; orbit++) tally.closeOrbit(orbit, mask, 0)
    const result = tally.take(LABEL)
    expect(result).not.toHaveProperty('active_tdc_chamber')
    expect(result.active_multiplicity_chamber['3'][63]).toBe(1_000_001)
    tally.closeOrbit(5, mask, 0)
    expect(tally.take(LABEL).active_tdc_chamber?.['2']).toEqual({ bin_edges: [5], hist_counts: [64] })
  })
})

describe('another geometry', () => {
  function foldWith(run: RunFile, text: string) {
    const fold = new LaneFold(foldOptions({ run, map: createChamberMap(run) }))
    const { columns, length } = parseAll(text)
    fold.fold(columns, 0, length)
    fold.end()
    return take(fold)
  }

  it('has its own chambers, scintillator, offsets and bins', () => {
    const chamber: Chamber = { fpga: 3, first_channel: 100, offset_ns: 0, z_mm: 0, view: 'phi' }
    const run: RunFile = {
      ...DEFAULT_RUN,
      chambers: [chamber, { ...chamber, fpga: 15, first_channel: 448, offset_ns: 10 }],
      scintillator: { fpga: 15, channel: 0 },
      drift_time: { low_ns: 0, high_ns: 20, width_ns: 5 },
    }
    const rows = [
      '2,3,100,7,1,0',
      '2,15,511,7,1,0',
      '2,15,511,7,1,3',
      '2,15,511,7,0,24',
      '2,15,0,7,0,24',
      '2,0,5,7,1,1',
    ]
    const result = foldWith(run, rows.join('\n'))
    expect(result.rows).toMatchObject({ read: 6, hits: 4, scintillator: 1, unmapped: 1 })
    expect(result.hit_count_chamber).toEqual([1, 3])
    expect(result.tdc_counts_chamber).toEqual({
      '0': { bin_edges: [100], hist_counts: [1] },
      '1': { bin_edges: [511], hist_counts: [3] },
    })
    // 6 counts are 5 ns, 9 are 7.5 ns
    expect(result.drift_time_chamber).toEqual({
      '0': { low: 0, width: 5, bins: 4, bin_edges: [5], hist_counts: [1], underflow: 0, overflow: 0 },
      '1': { low: 0, width: 5, bins: 4, bin_edges: [10, 15], hist_counts: [1, 2], underflow: 0, overflow: 0 },
    })
  })

  it('may have sixteen chambers', () => {
    const chambers = Array.from(
      { length: 16 },
      (_, i): Chamber => ({ ...DEFAULT_RUN.chambers[0], fpga: i, first_channel: 64 }),
    )
    const run = { ...DEFAULT_RUN, chambers }
    const rows = chambers.flatMap((_, fpga) => Array.from({ length: fpga + 1 }, (_, i) => `2,${fpga},${127 - i},7,1,1`))
    const result = foldWith(run, rows.join('\n'))
    expect(result.hit_count_chamber).toEqual(chambers.map((_, i) => i + 1))
    for (const [i] of chambers.entries()) {
      expect(result.active_tdc_chamber?.[i]).toEqual({ bin_edges: [7], hist_counts: [i + 1] })
      expect(result.active_multiplicity_chamber[i][i]).toBe(1)
    }
  })
})

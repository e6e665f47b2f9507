import { describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../src/dashboard/model.js'
import { chamberFigures, figuresPanel, figuresStrip } from '../../../src/dashboard/terminal/figures.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import type { DashboardView } from '../../../src/dashboard/view.js'
import { evenCells, result, T0, timeBox } from '../made-up.js'
import { edgeFit } from './made-up-health.js'

function view(): DashboardView {
  const model = new DashboardModel(DEFAULT_RUN)
  const rows = { read: 1_234_567, scintillator: 4321, ancillary: 12, unmapped: 3, malformed: 2, late: 1 }
  const cells = [evenCells(0, { 2: 100 }), evenCells(2), evenCells(3), evenCells(1000)]
  model.add(result({ rows, cells, drift: [timeBox(1)], underflow: 5, overflow: 6 }), T0)
  model.setLag(17, T0)
  return model.view(T0 + 2500, { window: 'cumulative' })
}

const rowsOf = (lines: ReturnType<typeof figuresPanel>) => lines.map((line) => textOf(line).slice(2, -2).trim())

describe('the panel of figures', () => {
  it('has every class of rows, the lag and the age, counted to the last digit', () => {
    const rows = rowsOf(figuresPanel({ width: 39, height: 15 }, view()))
    expect(rows.slice(1, 12).map((row) => row.replace(/\s{2,}/, ': '))).toEqual([
      'rows: 1 234 567',
      'row rate: 1.23 M/s',
      'hits: 64 420',
      'scintillator: 4 321',
      'ancillary: 12',
      'unmapped: 3',
      'malformed: 2',
      'late: 1',
      'lag: 17 messages',
      'newest result: 2 s ago',
      'results: 1',
    ])
  })

  it('has the chambers below where there is room', () => {
    const rows = rowsOf(figuresPanel({ width: 39, height: 20 }, view()))
    expect(rows.slice(13, 18).map((row) => row.split(/\s{2,}/))).toEqual([
      ['chamber', 'hits', 'hits/s', 'peak'],
      ['0', '100', '100', '1 ns'],
      ['1', '128', '128', '-'],
      ['2', '192', '192', '-'],
      ['3', '64.0 k', '64.0 k', '-'],
    ])
    expect(rowsOf(figuresPanel({ width: 39, height: 19 }, view())).join()).toContain('chamber')
    expect(rowsOf(figuresPanel({ width: 39, height: 18 }, view())).join()).not.toContain('chamber')
  })

  it('mentions repetitions and gaps only where there are any', () => {
    const text = (one: DashboardView) => rowsOf(figuresPanel({ width: 39, height: 20 }, one)).join('\n')
    expect(text(view())).not.toMatch(/repeated|gaps/)
    expect(text({ ...view(), repeated: 3, gaps: 2 })).toMatch(/repeated +3\ngaps +2/)
  })

  it('is short where it is narrow', () => {
    const rows = figuresPanel({ width: 22, height: 15 }, view()).map(textOf)
    expect(rows).toContain('│ rows      1 234 567│')
    expect(rows).toContain('│ scintillator  4 321│')
    expect(rows).toContain('│ lag     17 messages│')
    expect(rows).toContain('│ newest result   2 s│')
    const many = { ...view(), rows: { ...view().rows, scintillator: 12_345_678 } }
    expect(figuresPanel({ width: 22, height: 15 }, many).map(textOf)).toContain('│ scintillator 12.3 M│')
  })
})

describe('the strip of figures', () => {
  it('has the main ones in two lines of 80 columns', () => {
    const lines = figuresStrip(80, { ...view(), gaps: 2 }).map(textOf)
    expect(lines.map((line) => line.length)).toEqual([80, 80])
    expect(lines[0].trim()).toBe('rows 1.23 M   row rate 1.23 M/s   hits 64.4 k   scintillator 4321   results 1')
    expect(lines[1].trim()).toBe('late 1   malformed 2   lag 17 messages   newest result 2 s ago   gaps 2')
  })
})

describe('the figures of a chamber', () => {
  it('tell its counts, its dead and noisy cells and where it stands', () => {
    const { chambers } = view()
    const size = { width: 34, height: 16 }
    const rows = rowsOf(
      chamberFigures(size, { chamber: 0, view: chambers[0], edges: edgeFit({ t0Ns: 0.31 }), run: DEFAULT_RUN }),
    )
    expect(rows.slice(1, 14).map((row) => row.replace(/\s{2,}/, ': '))).toEqual([
      'hits: 100',
      'hit rate: 100/s',
      'drift times: 156',
      'out of range: 5 below, 6 above',
      'peak: 1 ns',
      't0: 0.31 ± 0.20 ns',
      'drift velocity: 53.80 ± 0.06',
      'cells without a hit: 63',
      'noisy cells: 1',
      'noisiest: layer 3 wire 0',
      'FPGA, channels: 0, 0-63',
      'view, height: phi, 364.75 mm',
      'time offset: 93.9 ns',
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../src/dashboard/model.js'
import { alarmPanel, mostScroll } from '../../../src/dashboard/terminal/alarm-list.js'
import { comparisonLines, LONG_COMPARISON_ROWS } from '../../../src/dashboard/terminal/comparison-table.js'
import { edgeLines } from '../../../src/dashboard/terminal/edge-table.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import type { DashboardView } from '../../../src/dashboard/view.js'
import type { HealthView } from '../../../src/health/health-view.js'
import { result, T0 } from '../made-up.js'
import { alarm, edgeFit, unwell } from './made-up-health.js'

const WELL: HealthView = { alarms: [], edges: [], comparisons: [] }

function view(health: HealthView, atMs = T0): DashboardView {
  const model = new DashboardModel(DEFAULT_RUN)
  model.add(result(), T0)
  return { ...model.view(atMs, { window: 'cumulative' }), health }
}

describe('the list of alarms', () => {
  const size = { width: 80, height: 9 }
  const rowsOf = (health: HealthView, scroll = 0) => alarmPanel(size, view(health), scroll).map(textOf)

  it('says what, since when, for how long and how far', () => {
    const rows = rowsOf({ ...WELL, alarms: [alarm()] })
    expect(rows[1]).toMatch(/^│ since \(UTC\) {2}for {10}what, and how far +│$/)
    expect(rows[2]).toMatch(/^│ 11:57:55 {5}2 min 5 s {4}▲ cell 41 of chamber 2 is dead: 0 hits where 31 are│$/)
    expect(rows[3]).toMatch(/^│ {29}expected +│$/)
  })

  it('has the day of what is older than one', () => {
    const old = alarm({ sinceMs: T0 - 26 * 3_600_000, text: 'lag' })
    expect(rowsOf({ ...WELL, alarms: [old] })[2]).toMatch(/^│ 02-28 10:00 {2}1 d 2 h {6}▲ lag +│$/)
  })

  it('shows every word of every alarm when it is scrolled through, and says where it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,60}){0,20}$/), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 60, max: 200 }),
        (texts, width) => {
          const health = { ...WELL, alarms: texts.map((text) => alarm({ text })) }
          const one = view(health)
          const most = mostScroll({ width, height: 9 }, one)
          const seen = new Map<number, string>()
          for (let scroll = 0; scroll <= most; scroll++)
            alarmPanel({ width, height: 9 }, one, scroll)
              .map(textOf)
              .slice(2, -1)
              .forEach((row, i) => {
                expect(row.length).toBe(width)
                seen.set(scroll + i, row.slice(30, -1).trim())
              })
          expect([...seen.values()].join('').replaceAll(' ', '')).toBe(texts.join('').replaceAll(' ', ''))
          if (most > 0)
            expect(textOf(alarmPanel({ width, height: 9 }, one, most)[0])).toContain(
              `rows ${most + 1} to ${most + 6} of ${most + 6}`,
            )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('does not scroll beyond its end, even where it has become shorter', () => {
    const health = unwell(3)
    expect(rowsOf(health, 1000)).toEqual(rowsOf(health, mostScroll(size, view(health))))
  })

  it('says that all is well, or that nothing can be said', () => {
    const text = (one: DashboardView) => alarmPanel(size, one, 0).map(textOf).join('\n')
    expect(text(view(WELL))).toContain('✓ all is well')
    expect(text(view(WELL, T0 + 60_000))).toContain('results come no more')
    const nothing = new DashboardModel(DEFAULT_RUN).view(T0, { window: 'cumulative' })
    expect(text(nothing)).toContain('no results yet')
  })

  it('shows no control characters', () => {
    expect(rowsOf({ ...WELL, alarms: [alarm({ text: 'a\x1b[2Jb' })] })[2]).toContain('a?[2Jb')
  })
})

describe('the table of edges', () => {
  const health = { ...WELL, edges: [edgeFit({ t0Ns: 0.31 }), edgeFit({ velocity: 52.1 }), undefined, edgeFit()] }
  const cells = (one: HealthView, width: number) =>
    edgeLines(one, DEFAULT_RUN, width).map((line) =>
      textOf(line)
        .trim()
        .split(/\s{2,}/),
    )

  it('has t0 and velocity with errors, and how far they are from the run file', () => {
    const [heads, own, first, second, third] = cells(health, 120)
    expect(heads).toEqual(['chamber', 't0, ns', 'off', 'um/ns', 'off', 'χ²/ndf', 'end, ns', 'entries'])
    expect(own).toEqual(['run file', '0.00', '53.80', '390.33'])
    expect(first).toEqual(['0', '0.31 ± 0.20', '+1.5 σ', '53.80 ± 0.06', '+0.0 σ', '0.78', '390.33 ± 0.30', '120 k'])
    expect(second.slice(3, 5)).toEqual(['52.10 ± 0.06', '-28.3 σ'])
    expect(third).toEqual(['2', ...new Array(7).fill('-')])
  })

  it('marks a chamber whose edges have moved, by more than its colour', () => {
    const moved = { ...health, alarms: [alarm({ kind: 'drift-edges', chamber: 1, cell: undefined })] }
    expect(cells(moved, 120).map(([name]) => name)).toEqual(['chamber', 'run file', '0', '1 ▲', '2', '3'])
  })

  it('has as many columns as fit', () => {
    for (const width of [20, 40, 61, 76, 120])
      for (const line of edgeLines(health, DEFAULT_RUN, width)) expect(textOf(line).length).toBeLessThanOrEqual(width)
    expect(cells(health, 61)[0]).toEqual(['chamber', 't0, ns', 'off', 'um/ns', 'off', 'χ²/ndf'])
  })
})

describe('the table of comparisons', () => {
  const room = { chambers: 4, width: 60, rows: LONG_COMPARISON_ROWS }

  it('has chi2/ndf, the Kolmogorov distance and their probabilities, for every chamber in 60 columns', () => {
    const rows = comparisonLines(unwell(1), room).map((line) =>
      textOf(line)
        .trim()
        .split(/\s{2,}/),
    )
    expect(rows[0]).toEqual(['chamber 0', 'chamber 1', 'chamber 2', 'chamber 3'])
    expect(rows.length).toBe(9)
    expect(rows[3]).toEqual(['scintillator', '1.02 3e-5', '1.02 0.50', '1.02 0.50', '1.02 0.50'])
    expect(rows[4]).toEqual(['Kolmogorov', ...new Array(4).fill('0.012 0.25')])
  })

  it('has the probabilities alone where rows are few', () => {
    const rows = comparisonLines(unwell(1), { ...room, rows: 5 }).map((line) =>
      textOf(line)
        .trim()
        .split(/\s{2,}/),
    )
    expect(rows.length).toBe(5)
    expect(rows[3]).toEqual(['drift time', '3e-5 0.25', ...new Array(3).fill('0.50 0.25')])
  })

  it('says that there is no reference', () => {
    expect(comparisonLines(WELL, room).map(textOf)).toEqual(['no reference to compare with'])
  })
})

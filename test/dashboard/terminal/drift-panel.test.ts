import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { columnOfNs, driftPanel } from '../../../src/dashboard/terminal/drift-panel.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import { VALUE_AXIS_WIDTH } from '../../../src/dashboard/terminal/value-axis.js'
import type { DriftView } from '../../../src/dashboard/view.js'
import { timeBox } from '../made-up.js'

const bins = DEFAULT_RUN.drift_time

function rowsOf(width: number, height: number, drift: DriftView): string[] {
  return driftPanel({ width, height }, { chamber: 1, drift, bins, log: false }).map(textOf)
}

function driftView(counts: number[], underflow = 0): DriftView {
  const entries = counts.reduce((a, b) => a + b, 0)
  return { counts, underflow, overflow: 0, entries, peakNs: entries > 0 ? 123.75 : undefined }
}

describe('the drift-time panel', () => {
  it('draws the time box over the columns from 0 to 390 ns, with its axis below', () => {
    fc.assert(
      fc.property(fc.integer({ min: 29, max: 160 }), fc.integer({ min: 5, max: 40 }), (width, height) => {
        const plots = rowsOf(width, height, driftView(timeBox(40))).map((row) => row.slice(1 + VALUE_AXIS_WIDTH, -1))
        const columns = width - 2 - VALUE_AXIS_WIDTH
        const [from, to] = [columnOfNs(0, columns, bins), columnOfNs(390, columns, bins)]
        for (const plot of plots.slice(1, -1)) {
          expect(plot.slice(0, from).trim()).toBe('')
          expect(plot.slice(from + 1, to)).toBe('⣿'.repeat(to - from - 1))
          expect(plot.slice(to + 1).trim()).toBe('')
        }
        const axis = plots[height - 1]
        const labels = [...axis.matchAll(/-?\d+/g)]
        expect(labels.map(([text]) => text)).toContain('0')
        expect(labels.length).toBeGreaterThanOrEqual(3)
        expect(axis.endsWith(' ns')).toBe(true)
        for (const { 0: text, index } of labels) {
          const middle = index + ((text.length - 1) >> 1)
          expect(Math.abs(middle - columnOfNs(Number(text), columns, bins))).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('says the highest count a bin and the peak, shorter where there is little room', () => {
    const drift = driftView(timeBox(1200))
    expect(rowsOf(40, 10, drift)[0]).toBe('┌─ drift time 1 ────────── peak 124 ns ┐')
    expect(rowsOf(29, 10, drift)[0]).toBe('┌─ drift time 1 ── peak 124 ┐')
    expect(rowsOf(40, 10, drift)[1].slice(1, 7)).toBe(' 1.2k┤')
  })

  it('says that there is nothing to show, and whether anything lies outside', () => {
    expect(rowsOf(40, 10, driftView([])).join('\n')).toMatch(/no drift times yet/)
    expect(rowsOf(40, 10, driftView([])).join('\n')).not.toMatch(/peak|┤/)
    expect(rowsOf(40, 10, driftView([], 3)).join('\n')).toMatch(/all drift times lie outside/)
  })
})

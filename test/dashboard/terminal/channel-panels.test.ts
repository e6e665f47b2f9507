import { describe, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { channelsPanel, multiplicityPanel } from '../../../src/dashboard/terminal/channel-panels.js'
import { textOf } from '../../../src/dashboard/terminal/text.js'
import { VALUE_AXIS_WIDTH } from '../../../src/dashboard/terminal/value-axis.js'
import { evenCells } from '../made-up.js'

const size = { width: 40, height: 10 }
const plotOf = (rows: string[]) => rows.slice(1, -1).map((row) => row.slice(1 + VALUE_AXIS_WIDTH, -1))

describe('hits by channel', () => {
  const panel = (cells: number[], scintillator = false) =>
    channelsPanel(size, { chamber: 1, cells, run: DEFAULT_RUN, scintillator, log: false }).map(textOf)

  it('have a bar for each channel, where it is on the axis', () => {
    const plot = plotOf(panel(evenCells(10, { 20: 0, 21: 0 })))
    for (const row of plot) expect(row).toBe(`${'⣿'.repeat(10)} ${'⣿'.repeat(21)}`)
    const foot = panel(evenCells(1))[9].slice(1 + VALUE_AXIS_WIDTH)
    // chamber 1 begins with channel 64: 84 is its 21st, in the 11th column of two
    expect(panel(evenCells(1))[9]).toMatch(/─80─+100─.* channel┘$/)
    expect(foot.indexOf('80')).toBe((80 - 64) / 2)
  })

  it('end their axis with the highest that is not noisy, and tell of the noisiest', () => {
    const rows = panel(evenCells(100, { 30: 5000 }))
    expect(rows[0]).toMatch(/^┌─ occupancy 1 ─+ noisy 5000 ┐$/)
    expect(rows[1].slice(1, 7)).toBe('  100┤')
  })

  it('say which hits they are', () => {
    expect(panel(evenCells(1), true)[0]).toContain(' scintillator occupancy 1 ')
    expect(panel(evenCells(0)).join('\n')).toContain('no hits yet')
  })
})

describe('active channels per orbit', () => {
  const panel = (multiplicity: number[], log = false) =>
    multiplicityPanel(size, { chamber: 2, multiplicity, log }).map(textOf)
  const orbits = (made: Record<number, number>) => Array.from({ length: 64 }, (_, i) => made[i + 1] ?? 0)

  it('have a bar for each number up to the highest, and their mean', () => {
    const rows = panel(orbits({ 1: 100, 4: 50 }))
    expect(rows[0]).toMatch(/^┌─ multiplicity 2 ─+ 150 orbits, mean 2\.00 ┐$|mean 2\.00 ┐$/)
    // 8 numbers in 32 columns: 4 for each
    expect(plotOf(rows)[7]).toBe(`⣿⣿⣿⣿${' '.repeat(8)}⣿⣿⣿⣿${' '.repeat(16)}`)
    expect(plotOf(rows)[0].trim()).toBe('⣿⣿⣿⣿')
    expect(rows[9]).toMatch(/^└─+┴─+2─+4─+6─+ channels┘$/)
  })

  it('reach as far as they occur, to the last one', () => {
    const rows = panel(orbits({ 1: 10, 64: 10 }))
    expect(plotOf(rows)[7]).toMatch(/^⡇ +⢸$/)
  })

  it('show the rare ones on a logarithmic scale', () => {
    const made = orbits({ 1: 100_000, 4: 100 })
    const height = (log: boolean) => plotOf(panel(made, log)).filter((row) => row.slice(12, 16).trim() !== '').length
    expect(height(false)).toBe(1)
    expect(height(true)).toBeGreaterThan(1)
  })

  it('say that there are none', () => {
    expect(panel(orbits({})).join('\n')).toContain('no orbits yet')
    expect(panel(orbits({}))[0]).not.toContain('mean')
  })
})

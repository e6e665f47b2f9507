import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CELLS, DEFAULT_RUN, type RunFile } from '../../../src/core/run-file/run-file.js'
import { MAP_LABEL } from '../../../src/dashboard/terminal/layout.js'
import { occupancyPanel } from '../../../src/dashboard/terminal/occupancy-panel.js'
import { leastOf, SHADES, shadeOf } from '../../../src/dashboard/terminal/shades.js'
import { type Line, textOf } from '../../../src/dashboard/terminal/text.js'
import type { ChamberView } from '../../../src/dashboard/view.js'
import type { Alarm } from '../../../src/health/alarm.js'
import { evenCells } from '../made-up.js'
import { alarm } from './made-up-health.js'

const EMPTY = {
  hits: 0,
  rate: undefined,
  rates: [],
  scintillatorCells: [],
  multiplicity: [],
  drift: { counts: [], underflow: 0, overflow: 0, entries: 0, peakNs: undefined },
}

function panel(
  cells: number[][],
  {
    columns = 1,
    rows = 1,
    width = 22,
    height = 24,
    run = DEFAULT_RUN as RunFile,
    alarms = [] as Alarm[],
    scintillator = false,
    log = false,
  } = {},
): Line[] {
  const chambers = cells.map((one): ChamberView => ({ ...EMPTY, cells: one, scintillatorCells: evenCells(0) }))
  const shown = [...cells.keys()]
  return occupancyPanel({ width, height }, { chambers, shown, run, cell: { columns, rows }, alarms, scintillator, log })
}

/** The row of the panel in which a layer of a chamber begins, 1 being the bottom one. */
function rowOf(lines: readonly Line[], chamber: number, layer: number): number {
  const top = lines.findIndex((line) => textOf(line).startsWith(`│${chamber} 4 `))
  return top + lines.slice(top).findIndex((line) => textOf(line)[3] === String(layer))
}

/** The cells of a layer as drawn, from wire 0 on. */
function layerOf(lines: readonly Line[], chamber: number, layer: number): string {
  return textOf(lines[rowOf(lines, chamber, layer)]).slice(1 + MAP_LABEL, -1)
}

describe('the map of cells', () => {
  it('has the chambers as they stand, the top layer on top', () => {
    const lines = panel([evenCells(1), evenCells(1), evenCells(1), evenCells(1)])
    const labels = lines.map((line) => textOf(line).slice(1, 4)).filter((label) => /^[ \d] \d$/.test(label))
    expect(labels.join()).toBe('3 4,  3,  2,  1,2 4,  3,  2,  1,1 4,  3,  2,  1,0 4,  3,  2,  1')
    const upsideDown = { ...DEFAULT_RUN, chambers: DEFAULT_RUN.chambers.map((c) => ({ ...c, z_mm: -c.z_mm })) }
    const turned = panel([evenCells(1), evenCells(1)], { run: upsideDown })
    expect(rowOf(turned, 0, 4)).toBeLessThan(rowOf(turned, 1, 4))
  })

  it('shows a dead cell as a dot at its layer and wire, whatever the cell', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(CELLS - 1), (chamber, dead) => {
        const cells = [0, 1, 2, 3].map((c) => evenCells(900, c === chamber ? { [dead]: 0 } : {}))
        const lines = panel(cells)
        const layerByChannel = { 3: 1, 1: 2, 2: 3, 0: 4 }
        const layer = layerByChannel[(dead % 4) as 0 | 1 | 2 | 3]
        for (const c of [0, 1, 2, 3])
          for (const l of [1, 2, 3, 4]) {
            const even = '█'.repeat(16).split('')
            if (c === chamber && l === layer) even[Math.floor(dead / 4)] = '·'
            expect(layerOf(lines, c, l)).toBe(even.join(''))
          }
      }),
    )
  })

  it('shows a noisy cell in a shape of its own, and red, and the others as if it were not there', () => {
    const even = evenCells(100, { 40: 25 })
    const lines = panel([even, evenCells(100, { 30: 50_000 })])
    // 30 = 4 * 7 + 2: layer 3, wire 7
    expect(layerOf(lines, 1, 3)).toBe(`${'█'.repeat(7)}#${'█'.repeat(8)}`)
    const red = lines[rowOf(lines, 1, 3)].filter(({ ink }) => ink === 'alarm')
    expect(red.map(({ text }) => text)).toEqual(['#'])
    // 40 = 4 * 10 + 0: layer 4, wire 10; a quarter of the hits is half of the scale
    expect(layerOf(lines, 0, 4)).toBe(`${'█'.repeat(10)}▒${'█'.repeat(5)}`)
    expect(textOf(lines[lines.length - 2])).toBe('│·0 ░▒▓█100 #50k     │')
  })

  it('shows what alarms say of cells: dead ones as x, hot ones as noisy', () => {
    const alarms = [
      alarm({ kind: 'dead-cell', chamber: 1, cell: 30 }),
      alarm({ kind: 'hot-cell', chamber: 0, cell: 40 }),
      alarm({ kind: 'rate', chamber: 0, cell: undefined }),
    ]
    const lines = panel([evenCells(100), evenCells(100, { 30: 0 })], { alarms, width: 39 })
    expect(layerOf(lines, 1, 3)).toBe(`${'█'.repeat(7)}x${'█'.repeat(8)}`.padEnd(33))
    expect(layerOf(lines, 0, 4)).toBe(`${'█'.repeat(10)}#${'█'.repeat(5)}`.padEnd(33))
    expect(textOf(lines[lines.length - 2])).toMatch(/# noisy 100 {2}x dead/)
  })

  it('counts orbits with a scintillator signal where it shall', () => {
    const lines = panel([evenCells(100)], { scintillator: true, height: 12 })
    expect(textOf(lines[0])).toContain(' scintillator ')
    expect(layerOf(lines, 0, 1)).toBe('·'.repeat(16))
    expect(textOf(panel([evenCells(1)], { scintillator: true, width: 39 })[0])).toContain(' scintillator occupancy ')
  })

  it('shifts layers by half a cell as they stand, where a cell can be halved', () => {
    const lines = panel([evenCells(7)], { columns: 4, rows: 2, width: 72, height: 13 })
    const full = '█'.repeat(64)
    expect([4, 3, 2, 1].map((layer) => layerOf(lines, 0, layer))).toEqual([
      `${full}  `,
      `  ${full}`,
      `${full}  `,
      `  ${full}`,
    ])
    expect(textOf(lines[2]).slice(1 + MAP_LABEL, -1)).toBe(`${full}  `)
  })

  it('says what shades stand for, in more words where there is room', () => {
    expect(textOf(panel([evenCells(1600)], { width: 72 })[22])).toMatch(
      /^│· 0 {3}░ ≥1 {3}▒ ≥101 {3}▓ ≥401 {3}█ ≥901 {3}most 1600 /,
    )
    expect(textOf(panel([evenCells(1600)], { width: 39 })[22])).toMatch(/^│· 0 {2}░▒▓█ 1600 /)
    expect(textOf(panel([evenCells(0)])[22])).toContain('no hits yet')
  })

  it('has wires 0, 5, 10 and 15 below', () => {
    const lines = panel([evenCells(1)], { columns: 2, width: 39 })
    const edge = textOf(lines[lines.length - 1]).slice(1 + MAP_LABEL)
    expect([0, 5, 10, 15].map((wire) => edge.indexOf(String(wire)))).toEqual([1, 11, 21, 31])
  })
})

describe('a shade', () => {
  it('goes by the square root', () => {
    expect([0, 1, 6, 7, 25, 26, 56, 57, 100].map((count) => shadeOf(count, 100, false)).join('')).toBe('·░░▒▒▓▓██')
  })

  it('goes by the logarithm, where it shall', () => {
    expect([0, 1, 10, 11, 100, 101, 1000, 1001, 10_000].map((count) => shadeOf(count, 10_000, true)).join('')).toBe(
      '·░░▒▒▓▓██',
    )
  })

  it('begins with the count that the legend says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000_000 }), fc.boolean(), (top, log) => {
        SHADES.forEach((shade, i) => {
          const least = leastOf(i, top, log)
          if (least <= (i + 1 < SHADES.length ? leastOf(i + 1, top, log) - 1 : top))
            expect(shadeOf(least, top, log)).toBe(shade)
        })
      }),
    )
  })
})

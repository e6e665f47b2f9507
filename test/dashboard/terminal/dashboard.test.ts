import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { DEFAULT_RUN, type RunFile } from '../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../src/dashboard/model.js'
import { type Dashboard, openTerminalDashboard } from '../../../src/dashboard/terminal/dashboard.js'
import { fakeTerminal, type Screen } from '../../support/terminal.js'
import { evenCells, result, runOf, T0, timeBox } from '../made-up.js'
import { unwell } from './made-up-health.js'

const SIZES = [
  [80, 24],
  [130, 40],
  [240, 67],
] as const

/** Cell 20 + 1 of chamber 0 is in layer 2, wire 5, and dead; cell 28 + 2 of chamber 2 is in layer 3, wire 7, and noisy. */
const DEAD = 21
const NOISY = 30
/** Of the colour cube. */
const [RED, YELLOW] = [196, 220]

/** What ten lanes have sent in the last 30 seconds: hit rates that differ by chamber, drift times in a box. */
function sent(run: RunFile): Result[] {
  const chambers = [...run.chambers.keys()]
  const cells = chambers.map((c) => evenCells(c + 1, c === 0 ? { [DEAD]: 0 } : c === 2 ? { [NOISY]: 500 } : {}))
  const rows = { read: 2000, scintillator: 37, ancillary: 5 }
  const drift = chambers.map(() => timeBox(2, run))
  return Array.from({ length: 300 }, (_, i) => {
    const [second, lane] = [Math.floor(i / 10), i % 10]
    const endMs = T0 + (second - 30) * 1000 + lane * 100
    return result({ run, lane, from: second, to: second + 1, startMs: endMs - 1000, endMs, cells, drift, rows })
  })
}

const SENT = sent(DEFAULT_RUN)

function filled(run: RunFile): DashboardModel {
  const model = new DashboardModel(run)
  for (const one of run === DEFAULT_RUN ? SENT : sent(run)) model.add(one, T0)
  return model
}

/** What every screen has room for. */
const KEYS = /^ o overview {2}1-4 chamber {2}t rates {2}h health {2}\? help {2}q quit {2}c last 10 s/

describe('the dashboard', () => {
  let dashboard: Dashboard | undefined
  let now = T0
  afterEach(() => {
    dashboard?.close()
    dashboard = undefined
    now = T0
  })

  async function open({
    columns = 130,
    rows = 40,
    run = DEFAULT_RUN as RunFile,
    model = filled(run),
    colours = 256,
  } = {}) {
    const terminal = fakeTerminal(columns, rows)
    const { input, output } = terminal
    const made = { input, output, terminal: 'xterm-256color', colours, title: 'data_clean', run, model, now: () => now }
    const opened = await openTerminalDashboard({ ...made, fps: 1000 })
    dashboard = opened
    await terminal.settled()
    return { ...terminal, model, dashboard: opened }
  }

  describe.each(SIZES)('at %i x %i', (columns, rows) => {
    it('has a title line, all panels and a key line, and no row that is too long or cut', async () => {
      const { screen } = await open({ columns, rows })
      const lines = screen.rows()
      expect(lines[0]).toMatch(/^ dtstream {2}data_clean +▲ 2 alarms {2}● live {2}cumulative$/)
      expect(lines[rows - 1]).toMatch(KEYS)
      if (columns > 80) expect(lines[rows - 1]).toMatch(/ s scintillator {2}l log scale {2}p pause {2}r reset$/)
      const panels = ['hits per second', 'occupancy', ...[0, 1, 2, 3].map((chamber) => `drift time ${chamber}`)]
      for (const title of panels) expect(screen.text()).toContain(`┌─ ${title} ─`)
      // Every row but title, keys and the strip of figures ends with the edge of a panel.
      const framed = lines.slice(columns === 80 ? 3 : 1, -1)
      for (const line of framed) expect(line).toMatch(/[┐│┘]$/)
      for (const line of framed) expect(line.length).toBe(columns)
    })

    it('has the figures, to the last digit where there is room', async () => {
      const { screen, model } = await open({ columns, rows })
      model.setLag(12, T0)
      now = T0 + 3000
      dashboard?.refresh()
      await vi.waitFor(() => expect(screen.text()).toMatch(/newest result +3 s ago/))
      const text = screen.text()
      const counts = columns === 80 ? ['600 k', '341 k', '11.1 k'] : ['600 000', '340 800', '11 100']
      expect(text).toMatch(new RegExp(`rows +${counts[0]} `))
      expect(text).toMatch(new RegExp(`hits +${counts[1]} `))
      expect(text).toMatch(new RegExp(`scintillator +${counts[2]} `))
      expect(text).toMatch(/row rate +20.0 k\/s /)
      expect(text).toMatch(/late +0 /)
      expect(text).toMatch(/malformed +0 /)
      expect(text).toMatch(/lag +12 messages /)
      expect(text).toMatch(/results +300\b/)
      expect(text).not.toMatch(/repeated|gaps/)
    })

    it('has the drift-time box of each chamber over 0 to 390 ns of its axis, in its colour', async () => {
      const { screen } = await open({ columns, rows })
      const colours = [0, 1, 2, 3].map((chamber) => {
        const { box, axis, left, bottom } = driftPanel(screen, chamber)
        const zero = axis.search(/(?<![\d-])0(?!\d)/)
        const at400 = axis.search(/400/) + 1
        const from = box.indexOf('⣿')
        expect(from - zero).toBeGreaterThanOrEqual(0)
        expect(from - zero).toBeLessThanOrEqual(1)
        expect(box.slice(from)).toMatch(/^⣿+.? *$/u)
        const to = box.lastIndexOf('⣿')
        expect(at400 - to).toBeGreaterThanOrEqual(0)
        expect(at400 - to).toBeLessThanOrEqual(Math.max(2, box.length / 40))
        return screen.colour(left + from, bottom - 1)
      })
      expect(new Set(colours).size).toBe(4)
      for (const colour of colours) expect(colour).toBeGreaterThan(0)
    })

    it('has a dead cell crossed and a noisy one hatched, both red, at their layers and wires', async () => {
      const { screen } = await open({ columns, rows })
      const cell = columns === 80 ? 1 : columns === 130 ? 2 : 4
      const dead = mapRow(screen, 0, 2)
      expect(dead.cells.slice(5 * cell, 6 * cell)).toBe('x'.repeat(cell))
      expect(screen.colour(dead.column + 5 * cell, dead.row)).toBe(RED)
      expect(dead.cells).not.toContain(' ')
      expect(dead.cells.length).toBe(16 * cell)
      expect(mapRow(screen, 1, 2).cells).not.toMatch(/[·x#]/)
      const noisy = mapRow(screen, 2, 3)
      expect(noisy.cells.slice(7 * cell, 8 * cell)).toBe('#'.repeat(cell))
      expect(screen.colour(noisy.column + 7 * cell, noisy.row)).toBe(RED)
      expect(screen.colour(noisy.column + 6 * cell, noisy.row)).not.toBe(RED)
    })

    it('has the curves of the hit rates, level where the rate is', async () => {
      const { screen } = await open({ columns, rows })
      const lines = screen.rows()
      const top = lines.findIndex((line) => line.includes('hits per second'))
      expect(lines[top]).toMatch(/0 630 {2}1 1280 {2}2 6890 {2}3 2560/)
      const bottom = lines.findIndex((line, i) => i > top && line.startsWith('└'))
      const plot = lines.slice(top + 1, bottom).map((line) => line.slice(7, line.indexOf('││')))
      // Chamber 2 is far above the others: its curve is one level stretch, and ends less than 3 s from the right.
      const highest = plot.findIndex((line) => /[\u2800-\u28ff]/.test(line))
      expect(plot[highest].trim()).toMatch(/^[\u2800-\u28ff]+ +2$/)
      expect(new Set(plot[highest].match(/[\u2800-\u28ff]/g)?.slice(1, -1)).size).toBe(1)
    })

    it('has a chamber large', async () => {
      const { screen, press } = await open({ columns, rows })
      await press('3')
      expect(screen.text()).toContain('┌─ drift time 2 ─')
      expect(screen.text()).not.toContain('drift time 1')
      expect(screen.text()).toMatch(/noisiest +layer 3 wire 7/)
      expect(screen.text()).toContain('┌─ hits per second 2 ─')
      for (const line of screen.rows().slice(1, -1)) expect(line).toMatch(/[┐│┘]$/)
      expect(screen.rows()[rows - 1]).toMatch(columns > 80 ? / ← → next$/ : KEYS)
      expect(screen.text()).toContain('┌─ multiplicity 2 ─')
      expect(screen.text().includes('┌─ occupancy 2 ─')).toBe(columns > 80)
      const { box } = driftPanel(screen, 2)
      expect(box.trim()).toMatch(/^.?⣿{20,}.?$/u)
    })

    it('has the rates by class and by chamber, and their figures', async () => {
      const { screen, press } = await open({ columns, rows })
      await press('t')
      expect(screen.text()).toContain('┌─ rows per second ─')
      expect(screen.text()).toContain('┌─ hits per second ─')
      expect(screen.text()).toMatch(/r read +20.0 k /)
      expect(screen.text()).toMatch(/h hits +11.4 k /)
      expect(screen.text()).toMatch(/s scintillator +370 /)
      expect(screen.text()).toMatch(/chamber 2 +6890 /)
      expectWhole(screen)
      await press('l')
      expectWhole(screen)
      // the logarithm brings the rare classes off the lower edge
      const ends = screen.rows().map((line) => /[⠀-⣿ ] ([rhsauml]) │/.exec(line)?.[1] ?? '')
      expect(ends.join('')).toMatch(/^rhsa(uml|mul)?/)
      expect(ends.indexOf('s') - ends.indexOf('h')).toBeGreaterThan(1)
    })

    it('has what is wrong, the edges and the comparisons', async () => {
      const { screen, press } = await open({ columns, rows, model: unwellModel(40) })
      expect(screen.rows()[0]).toContain('▲ 40 alarms')
      await press('h')
      expect(screen.rows()[0]).toContain('▲ 40 alarms')
      expect(screen.text()).toMatch(/11:57:55 {5}2 min 5 s {4}▲ cell 0 of chamber 3 is dead/)
      expect(screen.text()).toMatch(/0 ▲ +0.31 ± 0.20 +\+1.5 σ +52.10 ± 0.06 +-28.3 σ/)
      expect(screen.text()).toMatch(/multiplicity +(1.05 )?3e-5/)
      expectWhole(screen)
      if (columns > 80) expect(mapRow(screen, 3, 4).cells.slice(0, columns === 130 ? 2 : 4)).toMatch(/^x+$/)
    })

    it('is whole on every page, with long scales or of scintillator orbits, with alarms or without', async () => {
      for (const model of [unwellModel(1), filled(DEFAULT_RUN), new DashboardModel(DEFAULT_RUN)]) {
        const { screen, press, dashboard } = await open({ columns, rows, model })
        for (const keys of ['2', 't', 'h', 'o', 's', '2', 'h', 'l', 't', '2', 'o']) {
          await press(keys)
          expectWhole(screen)
        }
        dashboard.close()
      }
    })

    it('has a help that fits', async () => {
      const { screen, press } = await open({ columns, rows })
      await press('?')
      const lines = screen.rows()
      const top = lines.findIndex((line) => line.includes('┌─ help ─'))
      const left = lines[top].indexOf('┌─ help ─')
      const bottom = lines.findIndex((line, i) => i > top && line[left] === '└')
      const box = lines.slice(top, bottom + 1).map((line) => line.slice(left, left + 76))
      expect(box[0]).toMatch(/^┌─ help ─+┐$/)
      for (const line of box.slice(1, -1)) expect(line).toMatch(/^│.* │$/)
      expect(box[box.length - 1]).toMatch(/^└─+┘$/)
      for (const key of ['o t h', '1 to 9', 'c', 's', 'l', '↑ ↓', 'p, r', 'q, Ctrl-C, ?', 'mouse'])
        expect(box.some((line) => line.startsWith(`│  ${key}  `) || line.startsWith(`│  ${key}, `))).toBe(true)
    })
  })

  describe('its mouse', () => {
    const click = (column: number, row: number) => `\x1b[<0;${column + 1};${row + 1}M\x1b[<0;${column + 1};${row + 1}m`

    it('is asked for clicks and the wheel alone, and given back', async () => {
      const { screen, settled, dashboard } = await open()
      expect(screen.term.modes.mouseTrackingMode).toBe('vt200')
      dashboard.close()
      await settled()
      expect(screen.term.modes.mouseTrackingMode).toBe('none')
    })

    it('chooses pages in the last line, chambers by their panels, and the alarms by the title', async () => {
      const { screen, press } = await open()
      const at = (text: string) => {
        const row = screen.rows().findLastIndex((line) => line.includes(text))
        return click(screen.rows()[row].indexOf(text) + 1, row)
      }
      await press(at('t rates'))
      expect(screen.text()).toContain('┌─ rows per second ─')
      await press(at('h health'))
      expect(screen.text()).toContain('┌─ alarms ─')
      await press(at('o overview'))
      await press(at('drift time 3'))
      expect(screen.text()).toContain('┌─ chamber 3 ─')
      await press(at('s scintillator'))
      expect(screen.text()).toContain('┌─ scintillator occupancy ─')
      await press(click(5, 0))
      expect(screen.text()).toContain('┌─ alarms ─')
      await press(at('? help'))
      expect(screen.text()).toContain('┌─ help ─')
      await press(click(60, 20))
      expect(screen.text()).not.toContain('┌─ help ─')
      await press(click(20, 20))
      expect(screen.text()).toContain('┌─ alarms ─')
    })

    it('scrolls the alarms, and stays within them', async () => {
      const { screen, press } = await open({ columns: 80, rows: 24, model: unwellModel(20) })
      await press('h')
      const where = () => /rows (\d+) to/.exec(screen.text())?.[1]
      const seen = [where()]
      for (const keys of [
        '\x1b[<65;10;5M',
        '\x1b[B',
        '\x1b[<64;10;5M',
        '\x1b[6~',
        '\x1b[6~',
        '\x1b[6~',
        '\x1b[6~',
        '\x1b[6~',
        '\x1b[A',
      ]) {
        await press(keys)
        seen.push(where())
      }
      // 20 alarms of two rows each, 6 of them seen at once
      expect(seen).toEqual(['1', '4', '5', '2', '12', '22', '32', '35', '35', '34'])
    })

    it('opens no chamber of a page that is not there', async () => {
      const { screen, press } = await open()
      await press('t')
      await press(click(10, 20))
      expect(screen.text()).toContain('┌─ rows per second ─')
    })
  })

  describe('its keys', () => {
    it('q and Ctrl-C give the terminal back and say which it was', async () => {
      for (const [key, reason] of [
        ['q', 'quit'],
        ['\x03', 'interrupt'],
      ] as const) {
        const { screen, press, input, dashboard } = await open()
        expect(screen.buffer).toBe('alternate')
        expect(input.isRaw).toBe(true)
        await press(key)
        expect(await dashboard.closed).toBe(reason)
        expect(screen.buffer).toBe('normal')
        expect(screen.text().trim()).toBe('')
        expect(input.isRaw).toBe(false)
      }
    })

    it('p lets the screen stand still while counting goes on', async () => {
      const { screen, press, model, dashboard } = await open()
      await press('p')
      expect(screen.rows()[0]).toContain('■ paused')
      model.add(result({ lane: 11, rows: { read: 77 } }), T0)
      dashboard.refresh()
      await press('c')
      await press('c')
      expect(screen.rows()[0]).toContain('■ paused  last 60 s')
      expect(screen.text()).toMatch(/rows +600 000/)
      expect(screen.rows()[39]).toContain('p go on')
      await press('p')
      expect(screen.rows()[0]).toContain('● live')
      expect(screen.text()).toMatch(/rows +600 077/)
    })

    it('r starts the counts anew, paused or not', async () => {
      const { screen, press, model } = await open()
      await press('r')
      expect(screen.text()).toMatch(/rows +0\b/)
      expect(screen.text()).toContain('no drift times yet')
      expect(screen.text()).toContain('no hits yet')
      model.add(result({ lane: 11, rows: { read: 77 } }), T0)
      await press('p')
      expect(screen.text()).toMatch(/rows +77\b/)
      await press('r')
      expect(screen.text()).toMatch(/rows +0\b/)
      expect(screen.rows()[0]).toContain('■ paused')
    })

    it('c changes between all counts and those of the last 10, 60 and 300 s', async () => {
      const { screen, press, dashboard } = await open()
      now = T0 + 45_000
      // Ten results ended in each of the 30 seconds before T0.
      for (const [window, results] of [
        ['last 10 s', 0],
        ['last 60 s', 140],
        ['last 300 s', 300],
        ['cumulative', 300],
      ] as const) {
        await press('c')
        expect(screen.rows()[0]).toContain(window)
        expect(screen.text()).toMatch(new RegExp(`results +${results}\\b`))
      }
      expect(screen.rows()[39]).toContain('c last 10 s')
      dashboard.close()
    })

    it('1 to 4, 0, Esc and the arrows choose a chamber', async () => {
      const { screen, press } = await open()
      const large = () => /┌─ chamber (\d) /.exec(screen.text())?.[1]
      const seen: (string | undefined)[] = []
      for (const key of ['1', '1', '2', '\x1b[C', '\x1b[C', '\x1b[C', '\x1b[D', '0', '4', '\x1b', '9']) {
        await press(key)
        seen.push(large())
      }
      expect(seen).toEqual(['0', undefined, '1', '2', '3', '0', '3', undefined, '3', undefined, undefined])
    })

    it('o, t, h and Tab choose a page, which the last line has inverse', async () => {
      const { screen, press } = await open()
      const chosen = () => {
        const line = screen.term.buffer.active.getLine(screen.term.rows - 1)
        const inverse = Array.from({ length: 130 }, (_, x) => line?.getCell(x)).filter((cell) => cell?.isInverse())
        return inverse.map((cell) => cell?.getChars()).join('')
      }
      const seen: string[] = [chosen()]
      for (const key of ['t', 'h', 'o', '\t', '\t', '\t', '\t', '\x1b[Z']) {
        await press(key)
        seen.push(chosen())
      }
      expect(seen).toEqual([
        'o overview',
        't rates',
        'h health',
        'o overview',
        '1-4 chamber',
        't rates',
        'h health',
        'o overview',
        'h health',
      ])
    })

    it('s and l change between hits and between scales', async () => {
      const { screen, press } = await open()
      const top = () => /│ *([\d.]+k?)┤/.exec(screen.text())?.[1]
      expect(top()).toBe('8k')
      await press('s')
      expect(screen.text()).toContain('┌─ scintillator occupancy ─')
      expect(screen.rows()[39]).toContain('s all hits')
      await press('l')
      expect(screen.rows()[39]).toContain('l linear scale')
      expect(screen.text()).toMatch(/│ +100┤/)
      await press('s')
      await press('l')
      expect(screen.text()).not.toMatch(/│ +100┤/)
    })

    it('? opens the help, and the next key closes it', async () => {
      const { screen, press } = await open()
      await press('?')
      expect(screen.text()).toContain('┌─ help ─')
      await press('p')
      expect(screen.text()).not.toContain('┌─ help ─')
      expect(screen.rows()[0]).toContain('● live')
    })
  })

  describe('its screen', () => {
    it('is laid out anew when its size changes, and says when it is too small', async () => {
      const { screen, resize, press } = await open({ columns: 130, rows: 40 })
      await resize(79, 24)
      expect(screen.text()).toContain('The terminal is too small')
      expect(screen.text()).toContain('79 x 24, at least 80 x 24 is needed')
      expect(screen.text()).not.toContain('┌')
      for (const [columns, rows] of [...SIZES, [80, 24] as const]) {
        await resize(columns, rows)
        const lines = screen.rows()
        expect(lines[0].length).toBe(columns - 1)
        expect(lines[rows - 1]).toMatch(KEYS)
        for (const line of lines.slice(rows < 30 ? 3 : 1, -1)) expect(line).toMatch(/[┐│┘]$/)
      }
      await press('2')
      await resize(100, 30)
      expect(screen.text()).toContain('┌─ chamber 1 ─')
      await resize(40, 5)
      expect(screen.text()).toContain('The terminal is too small')
      await press('q')
      expect(await dashboard?.closed).toBe('quit')
    })

    it('says that it waits, that it is live, and that nothing comes any more', async () => {
      const model = new DashboardModel(DEFAULT_RUN)
      const { screen, press, resize } = await open({ model })
      expect(screen.rows()[0]).toContain('○ waiting for results')
      expect(screen.text()).toContain('no drift times yet')
      model.add(result({ drift: [timeBox(1)] }), T0)
      await press('c')
      expect(screen.rows()[0]).toContain('● live')
      now = T0 + 60_000
      await resize(120, 40)
      expect(screen.rows()[0]).toContain('○ stale')
      expect(screen.text()).toMatch(/newest result +1 min ago/)
    })

    it('shows four of more chambers, says so, and has keys for the rest', async () => {
      const { screen, press } = await open({ run: runOf(6) })
      expect(screen.rows()[0]).toContain('chambers 0 to 3 of 6')
      expect(screen.text()).toContain('drift time 3')
      expect(screen.text()).not.toContain('drift time 4')
      expect(screen.rows()[39]).toContain('1-6 chamber')
      await press('6')
      expect(screen.text()).toContain('┌─ chamber 5 ─')
      await press('\x1b[C')
      expect(screen.text()).toContain('┌─ chamber 0 ─')
    })

    it.each([1, 2, 3, 16])('is whole with %i chambers', async (chambers) => {
      for (const [columns, rows] of SIZES) {
        const { screen, dashboard } = await open({ columns, rows, run: runOf(chambers) })
        for (const line of screen.rows().slice(columns === 80 ? 3 : 1, -1)) expect(line).toMatch(/[┐│┘]$/)
        expect(screen.text().match(/drift time \d/g)).toHaveLength(Math.min(4, chambers))
        dashboard.close()
      }
    })

    it('has no colours where none are wanted, and shapes instead', async () => {
      const { screen } = await open({ colours: 0 })
      for (let row = 0; row < 40; row++)
        for (let column = 0; column < 130; column++) expect(screen.colour(column, row)).toBe(-1)
      const noisy = mapRow(screen, 2, 3)
      expect(noisy.cells.slice(14, 16)).toBe('##')
    })

    it('shows a message in the place of the keys until the next key', async () => {
      const { screen, press, dashboard } = await open()
      dashboard.message('the log cannot be reached; trying again')
      await vi.waitFor(() => expect(screen.rows()[39].trimEnd()).toBe(' the log cannot be reached; trying again'))
      expect(screen.colour(2, 39)).toBe(YELLOW)
      await press('x')
      expect(screen.rows()[39]).toMatch(KEYS)
    })

    it('is not written to when nothing has changed', async () => {
      const { press, writes, settled, dashboard } = await open()
      await settled()
      const before = writes()
      await press('x')
      dashboard.refresh()
      await new Promise((resolve) => setTimeout(resolve, 20))
      await settled()
      expect(writes()).toBe(before)
    })

    it('is given back by close, once and for all', async () => {
      const { screen, settled, dashboard } = await open()
      dashboard.close()
      dashboard.close()
      dashboard.refresh()
      dashboard.message('too late')
      await settled()
      expect(await dashboard.closed).toBe('closed')
      expect(screen.buffer).toBe('normal')
    })
  })

  it('refuses a terminal that cannot place text', async () => {
    const { input, output } = fakeTerminal(80, 24)
    const made = { input, output, title: 'x', run: DEFAULT_RUN, model: filled(DEFAULT_RUN), now: () => T0 }
    await expect(openTerminalDashboard({ ...made, terminal: 'dumb' })).rejects.toThrow(/TERM=dumb/)
  })
})

/** Every row but title, keys and the strip of figures ends with the edge of a panel, and none is cut within a word. */
function expectWhole(screen: Screen): void {
  const lines = screen.rows()
  const strip = lines[1].startsWith('┌') ? 0 : 2
  for (const line of lines.slice(1 + strip, -1)) {
    expect(line).toMatch(/^[┌│└].*[┐│┘]$/)
    expect(line.length).toBe(screen.term.cols)
  }
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(screen.term.cols)
}

/** A model whose view says so of its health. */
function unwellModel(alarms: number): DashboardModel {
  const model = filled(DEFAULT_RUN)
  const view = model.view.bind(model)
  return Object.assign(model, {
    view: (...asked: Parameters<typeof view>) => ({ ...view(...asked), health: unwell(alarms) }),
  })
}

/** The lowest row of a chamber's histogram, the axis below it, and where they are. */
function driftPanel(screen: Screen, chamber: number): { box: string; axis: string; left: number; bottom: number } {
  const lines = screen.rows()
  const top = lines.findIndex((line) => line.includes(`┌─ drift time ${chamber} ─`))
  const left = lines[top].indexOf(`┌─ drift time ${chamber} ─`)
  const bottom = lines.findIndex((line, row) => row > top && line[left] === '└')
  const right = lines[bottom].indexOf('┘', left)
  const plot = left + 7
  return {
    box: lines[bottom - 1].slice(plot, right),
    axis: lines[bottom].slice(plot, right),
    left: plot,
    bottom,
  }
}

/** The cells of a layer (1 is the bottom one) as drawn, and where they begin. */
function mapRow(screen: Screen, chamber: number, layer: number): { cells: string; row: number; column: number } {
  const lines = screen.rows()
  const first = lines.findIndex((line) => line.includes(`│${chamber} 4 `))
  const left = lines[first].indexOf(`│${chamber} 4 `)
  const row = lines.findIndex((line, i) => i >= first && line[left + 3] === String(layer))
  const text = lines[row].slice(left + 5, -1)
  return { cells: text.trim(), row, column: left + 5 + text.search(/\S/) }
}

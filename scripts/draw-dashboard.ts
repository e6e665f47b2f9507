// Draws docs/dashboard.svg: the dashboard as it stands after two minutes of the simulated detector.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { LaneFold } from '../src/core/orbits/lane-fold.js'
import { createRowBuffer } from '../src/core/rows/row-buffer.js'
import { createChamberMap } from '../src/core/run-file/chamber-map.js'
import { geometryDigest } from '../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION } from '../src/core/simulator/options.js'
import { createSimulator } from '../src/core/simulator/simulator.js'
import { DashboardModel } from '../src/dashboard/model.js'
import { openTerminalDashboard } from '../src/dashboard/terminal/dashboard.js'
import { fakeTerminal, type Screen } from '../test/support/terminal.js'

const COLUMNS = 130
const ROWS = 40
const SECONDS = 150
const ROWS_A_SECOND = 1000
const START_MS = Date.UTC(2026, 0, 1)
const CELL = { width: 8, height: 17 }
const PALETTE = ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d8dee9']

function fill(model: DashboardModel): number {
  const simulator = createSimulator(DEFAULT_SIMULATION)
  const rows = createRowBuffer(ROWS_A_SECOND)
  const fold = new LaneFold({ run: DEFAULT_RUN, map: createChamberMap(DEFAULT_RUN), grace: 2048, orbitDetail: false })
  for (let second = 0; second < SECONDS; second++) {
    simulator.fill(rows)
    fold.fold(rows.columns, 0, rows.length)
    fold.sweep()
    const [start, end] = [second, second + 1].map((s) => new Date(START_MS + s * 1000).toISOString())
    const range = { topic: 'data_raw', partition: 0, from: second * ROWS_A_SECOND, to: (second + 1) * ROWS_A_SECOND }
    const result = fold.tally.take({
      msg_ID: second,
      worker: 'dtstream/picture/0',
      interval: { start, end },
      source: [{ ...range, watermark: fold.watermark }],
      geometry: geometryDigest(DEFAULT_RUN),
      run: 0,
    })
    model.add(result, START_MS + (second + 1) * 1000)
  }
  model.setLag(0, START_MS + SECONDS * 1000)
  return START_MS + SECONDS * 1000
}

function toSvg(screen: Screen): string {
  const lines = screen.rows().flatMap((text, row) => {
    const spans: string[] = []
    for (let column = 0; column < text.length; ) {
      const colour = screen.colour(column, row)
      let end = column
      while (end < text.length && screen.colour(end, row) === colour) end++
      spans.push(span(text.slice(column, end), column, row, PALETTE[colour & 7] ?? PALETTE[7]))
      column = end
    }
    return spans
  })
  const width = (COLUMNS + 2) * CELL.width
  const height = (ROWS + 1.5) * CELL.height
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Menlo, 'DejaVu Sans Mono', monospace" font-size="13.2" xml:space="preserve">`,
    '<title>dtstream watch: hit rates, drift times, occupancy and figures of a simulated detector</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#16181d"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

/** Fonts have braille and blocks in widths of their own: every stretch is told how long it is. */
function span(text: string, column: number, row: number, fill: string): string {
  const place = `x="${(column + 1) * CELL.width}" y="${(row + 1.5) * CELL.height}"`
  const length = `textLength="${text.length * CELL.width}" lengthAdjust="spacingAndGlyphs"`
  return text.trim() ? `<text ${place} ${length} fill="${fill}">${escaped(text)}</text>` : ''
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0')
}

const model = new DashboardModel(DEFAULT_RUN)
const nowMs = fill(model)
const { screen, input, output, settled } = fakeTerminal(COLUMNS, ROWS)
const options = { input, output, terminal: 'xterm-256color', title: 'topic:data_clean', run: DEFAULT_RUN, model }
const dashboard = await openTerminalDashboard({ ...options, colours: true, now: () => nowMs })
await sleep(500)
await settled()
writeFileSync(fileURLToPath(new URL('../docs/dashboard.svg', import.meta.url)), toSvg(screen))
dashboard.close()
await dashboard.closed

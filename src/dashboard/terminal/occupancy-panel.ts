import { formatCount } from '../../cli/numbers.js'
import { cellAt } from '../../core/run-file/cells.js'
import { LAYERS, type RunFile, WIRES } from '../../core/run-file/run-file.js'
import type { Alarm } from '../../health/alarm.js'
import { noisyCells } from '../noisy-cells.js'
import type { ChamberView } from '../view.js'
import { type AxisLabel, framed, labelledEdge } from './frame.js'
import { type CellSize, MAP_LABEL, type Rect } from './layout.js'
import { EMPTY, leastOf, SHADES, shadeOf } from './shades.js'
import { type Line, type Span, span, widthOf } from './text.js'
import { axisNumber } from './value-axis.js'

const NOISY = '#'
const DEAD = 'x'

export interface OccupancyParts {
  readonly chambers: readonly ChamberView[]
  readonly shown: readonly number[]
  readonly run: RunFile
  readonly cell: CellSize
  readonly alarms: readonly Alarm[]
  /** of orbits with a scintillator signal only */
  readonly scintillator: boolean
  readonly log: boolean
}

interface Shown {
  readonly chamber: number
  readonly cells: readonly number[]
  /** far above its neighbours, or said to be so by an alarm */
  readonly noisy: readonly boolean[]
  /** said to be so by an alarm */
  readonly dead: readonly boolean[]
}

interface Scale {
  /** the highest count of a cell that is not noisy */
  readonly top: number
  /** the highest count of a noisy cell, 0 without one */
  readonly noisyTop: number
  readonly noisy: boolean
  readonly dead: boolean
  readonly log: boolean
}

/** Below this width a title has one word. */
const NARROW = 30

/** Which hits a panel counts. */
export function occupancyName(scintillator: boolean, width: number): string {
  if (!scintillator) return 'occupancy'
  return width < NARROW ? 'scintillator' : 'scintillator occupancy'
}

/**
 * Hits by layer and wire, the chambers stacked as they stand, the top layer on top. Shades go by the square root of the
 * count, or its logarithm, up to the highest count of a cell that is not noisy; cells without a hit are dots.
 */
export function occupancyPanel({ width, height }: Pick<Rect, 'width' | 'height'>, parts: OccupancyParts): Line[] {
  const { run, cell, log } = parts
  const shown = stacked(parts)
  const scale = scaleOf(shown, log)
  const rows = height - 2
  const gap = rows >= shown.length * (LAYERS * cell.rows + 1) ? [[]] : []
  const map = shown.flatMap((one, i) => [...(i > 0 ? gap : []), ...chamberRows(one, { run, cell, scale })])
  return framed(width, height, {
    title: occupancyName(parts.scintillator, width),
    corners: [[span('by layer and wire')], [span('hits')]],
    foot: wireEdge(width - 2, cell.columns),
    body: [...map, ...Array.from({ length: rows - map.length - 1 }, () => []), legend(scale, width - 2)],
  })
}

function stacked({ chambers, shown, run, alarms, scintillator }: OccupancyParts): Shown[] {
  const stack = [...shown].sort((a, b) => run.chambers[b].z_mm - run.chambers[a].z_mm)
  return stack.map((chamber) => {
    const cells = scintillator ? chambers[chamber].scintillatorCells : chambers[chamber].cells
    const alarmed = (kind: Alarm['kind']) => (_: unknown, cell: number) =>
      alarms.some((alarm) => alarm.kind === kind && alarm.chamber === chamber && alarm.cell === cell)
    const hot = cells.map(alarmed('hot-cell'))
    return {
      chamber,
      cells,
      noisy: noisyCells(cells, run.layers).map((noisy, cell) => noisy || hot[cell]),
      dead: cells.map(alarmed('dead-cell')),
    }
  })
}

function scaleOf(chambers: readonly Shown[], log: boolean): Scale {
  let [top, noisyTop] = [0, 0]
  for (const { cells, noisy } of chambers)
    cells.forEach((count, cell) => {
      if (noisy[cell]) noisyTop = Math.max(noisyTop, count)
      else top = Math.max(top, count)
    })
  const some = (which: 'noisy' | 'dead') => chambers.some((chamber) => chamber[which].includes(true))
  return { top, noisyTop, noisy: some('noisy'), dead: some('dead'), log }
}

function chamberRows(shown: Shown, { run, cell, scale }: { run: RunFile; cell: CellSize; scale: Scale }): Line[] {
  const { chamber } = shown
  const rows: Line[] = []
  for (let layer = LAYERS - 1; layer >= 0; layer--) {
    const row: Span[] = [span(' '.repeat(stagger(run, layer, cell.columns)))]
    for (let wire = 0; wire < WIRES; wire++) {
      const { text, ink } = glyphOf(shown, cellAt(run.layers, layer, wire), scale)
      row.push(span(text.repeat(cell.columns), ink))
    }
    for (let i = 0; i < cell.rows; i++) {
      const name = layer === LAYERS - 1 && i === 0 ? String(chamber) : ''
      const number = i === 0 ? String(layer + 1) : ''
      rows.push([span(name.padEnd(2), chamber), span(number.padEnd(MAP_LABEL - 2), 'faint'), ...row])
    }
  }
  return rows
}

function glyphOf({ chamber, cells, noisy, dead }: Shown, cell: number, { top, log }: Scale): Span {
  if (noisy[cell]) return span(NOISY, 'alarm')
  if (dead[cell]) return span(DEAD, 'alarm')
  const shade = shadeOf(cells[cell], top, log)
  return span(shade, shade === EMPTY ? 'faint' : chamber)
}

/** Columns by which a layer stands further right than the leftmost one; none where a cell cannot be halved. */
function stagger({ layers, cell }: RunFile, layer: number, columns: number): number {
  const leftmost = Math.min(...layers.map(({ first_wire_mm }) => first_wire_mm))
  const shift = Math.round(((layers[layer].first_wire_mm - leftmost) / cell.width_mm) * columns)
  return Math.min(shift, columns >> 1)
}

function wireEdge(width: number, columns: number): Line {
  const labels = [0, 5, 10, 15].map(
    (wire): AxisLabel => ({ column: wire * columns + (columns >> 1), text: String(wire) }),
  )
  return [span('─'.repeat(MAP_LABEL), 'faint'), ...labelledEdge(width - MAP_LABEL, labels)]
}

/** What shades stand for; of several forms the first that fits. */
function legend(scale: Scale, width: number): Line {
  const { top, noisyTop, log } = scale
  const most = formatCount(top)
  const noisy = (gap: string, text: string): Line => (scale.noisy ? [span(gap), span(NOISY, 'alarm'), span(text)] : [])
  const deadOnes = (gap: string, text: string): Line => (scale.dead ? [span(gap), span(DEAD, 'alarm'), span(text)] : [])
  if (top === 0 && noisyTop === 0) return [span('no hits yet', 'faint'), ...noisy('  ', ''), ...deadOnes('  ', ' dead')]
  const steps = SHADES.map((shade, i) => span(`${shade} ≥${formatCount(leastOf(i, top, log))}   `))
  const forms: Line[] = [
    [
      span(`${EMPTY} 0   `),
      ...steps,
      span(`most ${most}`),
      ...noisy('   ', ` noisy, ${formatCount(noisyTop)}`),
      ...deadOnes('   ', ' dead'),
    ],
    [
      span(`${EMPTY} 0  ${SHADES.join('')} ${most}`),
      ...noisy('  ', ` noisy ${formatCount(noisyTop)}`),
      ...deadOnes('  ', ' dead'),
    ],
    [span(`${EMPTY}0 ${SHADES.join('')}${axisNumber(top)}`), ...noisy(' ', axisNumber(noisyTop)), ...deadOnes(' ', '')],
  ]
  return forms.find((form) => widthOf(form) <= width) ?? forms[2]
}

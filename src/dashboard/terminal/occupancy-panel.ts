import { formatCount } from '../../cli/numbers.js'
import { LAYERS, type RunFile, WIRES } from '../../core/run-file/run-file.js'
import { cellAt, noisyCells } from '../noisy-cells.js'
import type { ChamberView } from '../view.js'
import { type AxisLabel, framed, labelledEdge } from './frame.js'
import { type CellSize, MAP_LABEL, type Rect } from './layout.js'
import { type Line, type Span, span, widthOf } from './text.js'
import { axisNumber } from './value-axis.js'

const EMPTY = '·'
const SHADES = ['░', '▒', '▓', '█']
const NOISY = '█'
/** Where there are no colours, noise needs a shape of its own. */
const NOISY_MONO = '#'

interface Shown {
  chamber: number
  cells: readonly number[]
  noisy: readonly boolean[]
}

/**
 * Hits by layer and wire, the chambers stacked as they stand, the top layer on top. Shades go by the square root of the
 * count, up to the highest count of a cell that is not noisy; cells without a hit are dots.
 */
export function occupancyPanel(
  { width, height }: Pick<Rect, 'width' | 'height'>,
  view: { chambers: readonly ChamberView[]; shown: readonly number[]; run: RunFile; cell: CellSize; mono: boolean },
): Line[] {
  const { run, cell, mono } = view
  const stack = [...view.shown].sort((a, b) => run.chambers[b].z_mm - run.chambers[a].z_mm)
  const shown = stack.map((chamber): Shown => {
    const { cells } = view.chambers[chamber]
    return { chamber, cells, noisy: noisyCells(cells, run.layers) }
  })
  const scale = scaleOf(shown)
  const rows = height - 2
  const gap = rows >= shown.length * (LAYERS * cell.rows + 1) ? [[]] : []
  const map = shown.flatMap((one, i) => [...(i > 0 ? gap : []), ...chamberRows(one, { run, cell, scale, mono })])
  return framed(width, height, {
    title: 'occupancy',
    corners: [[span('by layer and wire')], [span('hits')]],
    foot: wireEdge(width - 2, cell.columns),
    body: [...map, ...Array.from({ length: rows - map.length - 1 }, () => []), legend(scale, width - 2, mono)],
  })
}

export interface Scale {
  /** the highest count of a cell that is not noisy */
  top: number
  /** the highest count of a noisy cell, 0 without one */
  noisyTop: number
}

export function scaleOf(chambers: readonly Pick<Shown, 'cells' | 'noisy'>[]): Scale {
  let [top, noisyTop] = [0, 0]
  for (const { cells, noisy } of chambers)
    cells.forEach((count, cell) => {
      if (noisy[cell]) noisyTop = Math.max(noisyTop, count)
      else top = Math.max(top, count)
    })
  return { top, noisyTop }
}

/** The shade of a cell that is not noisy, by the square root of its count; 0 hits are a dot. */
export function shadeOf(count: number, top: number): string {
  if (count === 0) return EMPTY
  return SHADES[Math.min(SHADES.length, Math.ceil(SHADES.length * Math.sqrt(count / top))) - 1]
}

function chamberRows(
  { chamber, cells, noisy }: Shown,
  { run, cell, scale, mono }: { run: RunFile; cell: CellSize; scale: Scale; mono: boolean },
): Line[] {
  const rows: Line[] = []
  for (let layer = LAYERS - 1; layer >= 0; layer--) {
    const row: Span[] = [span(' '.repeat(stagger(run, layer, cell.columns)))]
    for (let wire = 0; wire < WIRES; wire++) {
      const at = cellAt(run.layers, layer, wire)
      const glyph = noisy[at] ? (mono ? NOISY_MONO : NOISY) : shadeOf(cells[at], scale.top)
      row.push(span(glyph.repeat(cell.columns), noisy[at] ? 'alarm' : glyph === EMPTY ? 'faint' : chamber))
    }
    for (let i = 0; i < cell.rows; i++) {
      const name = layer === LAYERS - 1 && i === 0 ? String(chamber) : ''
      const number = i === 0 ? String(layer + 1) : ''
      rows.push([span(name.padEnd(2), chamber), span(number.padEnd(MAP_LABEL - 2), 'faint'), ...row])
    }
  }
  return rows
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
function legend({ top, noisyTop }: Scale, width: number, mono: boolean): Line {
  if (top === 0 && noisyTop === 0) return [span('no hits yet', 'faint')]
  const noisy = mono ? NOISY_MONO : NOISY
  const most = formatCount(top)
  const forms: Line[] = [
    [
      span(`${EMPTY} 0   `),
      ...SHADES.map((shade, i) => span(`${shade} ${leastOf(i, top)}   `)),
      span(`most ${most}`),
      ...(noisyTop > 0 ? [span('   '), span(noisy, 'alarm'), span(` noisy, ${formatCount(noisyTop)}`)] : []),
    ],
    [
      span(`${EMPTY} 0  ${SHADES.join('')} ${most}`),
      ...(noisyTop > 0 ? [span('  '), span(noisy, 'alarm'), span(` noisy ${formatCount(noisyTop)}`)] : []),
    ],
    [
      span(`${EMPTY}0 ${SHADES.join('')}${axisNumber(top)}`),
      ...(noisyTop > 0 ? [span(' '), span(noisy, 'alarm'), span(axisNumber(noisyTop))] : []),
    ],
  ]
  return forms.find((form) => widthOf(form) <= width) ?? forms[2]
}

/** The least count of a shade. */
function leastOf(shade: number, top: number): string {
  return `≥${formatCount(Math.max(1, Math.floor(top * (shade / SHADES.length) ** 2) + 1))}`
}

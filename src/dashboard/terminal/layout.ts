import { LAYERS, WIRES } from '../../core/run-file/run-file.js'

export interface Rect {
  left: number
  top: number
  width: number
  height: number
}

/** Columns and rows of one cell on the map. */
export interface CellSize {
  columns: number
  rows: number
}

/** All chambers at once. Small screens have the figures in a strip, others in a panel. */
export interface Overview {
  figures: Rect
  figuresAre: 'strip' | 'panel'
  rates: Rect
  drift: Rect[]
  occupancy: Rect
  cell: CellSize
}

/** One chamber. */
export interface ChamberLayout {
  drift: Rect
  figures: Rect
  multiplicity: Rect
  /** hits by channel, where there is room */
  channels: Rect | undefined
  occupancy: Rect
  cell: CellSize
  rates: Rect
}

/** A plot of curves, and a table of their figures beside it. */
export interface PlotAndTable {
  plot: Rect
  table: Rect
}

export const SMALLEST = { width: 80, height: 24 }
/** Chambers that an overview has room for. */
export const MOST_SHOWN = 4
/** Labels of a map row: chamber, layer, and a space after each. */
export const MAP_LABEL = 4
const STRIP_ROWS = 2
/** Rows of a map's frame, with the legend and the blank row above it. */
export const MAP_EXTRA = 4
const LEAST_FIGURES = 15
/** Columns of two panels beside each other. */
const LEAST_LEFT = 58
const ROOM_FOR_CHANNELS = 80
const LEAST_SECOND = 7

/** @param chambers 1 to 4 */
export function overviewLayout(width: number, height: number, chambers: number): Overview {
  const body: Rect = { left: 0, top: 1, width, height: height - 2 }
  const layers = chambers * LAYERS
  const gaps = chambers - 1
  const asPanel = body.height >= layers + gaps + MAP_EXTRA + LEAST_FIGURES
  const strip = asPanel ? 0 : STRIP_ROWS
  const columns = cellColumns(Math.min(Math.floor(width * 0.42), width - LEAST_LEFT) - 2 - MAP_LABEL)
  const rows = asPanel ? Math.floor((body.height - LEAST_FIGURES - gaps - MAP_EXTRA) / layers) : 1
  const right = 2 + MAP_LABEL + mapColumns(columns)
  const mapHeight = asPanel ? rows * layers + gaps + MAP_EXTRA : body.height - strip
  const left = width - right
  const main: Rect = { left: 0, top: body.top + strip, width: left, height: body.height - strip }
  const ratesHeight = Math.max(7, Math.min(22, Math.round(main.height * 0.34)))
  const [rates, below] = cut(main, ratesHeight)
  return {
    figuresAre: asPanel ? 'panel' : 'strip',
    figures: asPanel
      ? { left, top: body.top, width: right, height: body.height - mapHeight }
      : { ...body, height: STRIP_ROWS },
    rates,
    drift: grid(below, chambers),
    occupancy: { left, top: body.top + body.height - mapHeight, width: right, height: mapHeight },
    cell: { columns, rows },
  }
}

export function chamberLayout(width: number, height: number): ChamberLayout {
  const body: Rect = { left: 0, top: 1, width, height: height - 2 }
  const rows = Math.max(1, Math.floor((body.height * 0.4 - MAP_EXTRA) / LAYERS))
  const columns = cellColumns(Math.floor(width * 0.57) - 2 - MAP_LABEL)
  const [upper, lower] = cut(body, body.height - rows * LAYERS - MAP_EXTRA + (rows === 1 ? 1 : 0))
  const mapWidth = 2 + MAP_LABEL + mapColumns(columns)
  const figuresWidth = Math.max(28, Math.min(44, Math.round(width * 0.3)))
  const main = { ...upper, width: width - figuresWidth }
  const [drift, second] = cut(main, main.height - Math.max(LEAST_SECOND, Math.round(main.height * 0.4)))
  const half = second.width >> 1
  const both = second.width >= ROOM_FOR_CHANNELS
  return {
    drift,
    multiplicity: both ? { ...second, width: half } : second,
    channels: both ? { ...second, left: half, width: second.width - half } : undefined,
    figures: { ...upper, left: width - figuresWidth, width: figuresWidth },
    occupancy: { ...lower, width: mapWidth },
    cell: { columns, rows },
    rates: { ...lower, left: mapWidth, width: width - mapWidth },
  }
}

/** All rows by class above, the hits by chamber below. */
export function ratesLayout(width: number, height: number): { classes: PlotAndTable; chambers: PlotAndTable } {
  const [upper, lower] = cut({ left: 0, top: 1, width, height: height - 2 }, Math.ceil((height - 2) / 2))
  const tableWidth = width < 100 ? 26 : 44
  const beside = (rect: Rect): PlotAndTable => ({
    plot: { ...rect, width: width - tableWidth },
    table: { ...rect, left: width - tableWidth, width: tableWidth },
  })
  return { classes: beside(upper), chambers: beside(lower) }
}

/** Columns of 16 cells and, where a cell can be halved, the half by which layers are staggered. */
export function mapColumns(cellColumns: number): number {
  return WIRES * cellColumns + (cellColumns >> 1)
}

/** The widest cell for which a map fits: 1 column, or an even number, so that half a cell is whole columns. */
export function cellColumns(room: number): number {
  return [6, 4, 2].find((columns) => mapColumns(columns) <= room) ?? 1
}

export function cut(rect: Rect, upperHeight: number): [Rect, Rect] {
  const upper = { ...rect, height: upperHeight }
  return [upper, { ...rect, top: rect.top + upperHeight, height: rect.height - upperHeight }]
}

/** Two columns; a last one by itself takes the whole width, and so do one or two. */
function grid(rect: Rect, count: number): Rect[] {
  const across = count > 2 ? 2 : 1
  const down = Math.ceil(count / across)
  return Array.from({ length: count }, (_, i) => {
    const [row, column] = [Math.floor(i / across), i % across]
    const alone = column === 0 && i === count - 1
    const [top, bottom] = [row, row + 1].map((r) => Math.round((rect.height * r) / down))
    const half = Math.ceil(rect.width / across)
    const width = alone ? rect.width : column === 0 ? half : rect.width - half
    return { left: rect.left + column * half, top: rect.top + top, width, height: bottom - top }
  })
}

import { LAYERS } from '../../core/run-file/run-file.js'
import { COMPARISON_ROWS, LONG_COMPARISON_ROWS } from './comparison-table.js'
import { type CellSize, cellColumns, cut, MAP_EXTRA, MAP_LABEL, mapColumns, type Rect } from './layout.js'

/** Alarms above, fits and comparisons below, beside each other where there is room, else in one panel; and a map where it fits. */
export interface HealthLayout {
  alarms: Rect
  edges: Rect
  /** undefined where they stand in the panel of the edges */
  comparisons: Rect | undefined
  map: { rect: Rect; cell: CellSize } | undefined
}

/** Columns from which panels stand beside each other. */
const WIDE = 128
const LEAST_ALARMS = 9
/** Heads and the run file's own figures. */
const EDGE_EXTRA = 2
const FRAME = 2

/** @param shown chambers on the map, 1 to 4 */
export function healthLayout(
  width: number,
  height: number,
  { chambers, shown }: { chambers: number; shown: number },
): HealthLayout {
  const body: Rect = { left: 0, top: 1, width, height: height - 2 }
  const edgeRows = EDGE_EXTRA + chambers
  const most = body.height - LEAST_ALARMS
  if (width < WIDE) {
    const [alarms, edges] = cut(body, body.height - Math.min(most, FRAME + edgeRows + COMPARISON_ROWS))
    return { alarms, edges, comparisons: undefined, map: undefined }
  }
  const [upper, lower] = cut(body, body.height - Math.min(most, FRAME + Math.max(edgeRows, LONG_COMPARISON_ROWS)))
  const half = width >> 1
  const map = mapIn(upper, shown)
  return {
    alarms: { ...upper, width: width - (map?.rect.width ?? 0) },
    edges: { ...lower, width: half },
    comparisons: { ...lower, left: half, width: width - half },
    map,
  }
}

/** At the right end; undefined where not every layer would have a row. */
function mapIn(rect: Rect, shown: number): HealthLayout['map'] {
  const layers = shown * LAYERS
  const rows = Math.floor((rect.height - MAP_EXTRA - (shown - 1)) / layers)
  if (rows < 1) return undefined
  const columns = cellColumns(Math.floor(rect.width * 0.42) - FRAME - MAP_LABEL)
  const width = FRAME + MAP_LABEL + mapColumns(columns)
  return { rect: { ...rect, left: rect.width - width, width }, cell: { columns, rows } }
}

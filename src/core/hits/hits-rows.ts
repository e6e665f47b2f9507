import type { Data, Field, RecordBatch } from 'apache-arrow'
import { type Columns, clearRows, type RowBuffer } from '../rows/row-buffer.js'
import { CELLS, LAYERS, NS_PER_BX, type RunFile, TDC_PER_BX, WIRES } from '../run-file/run-file.js'

const COLUMNS = { orbit: 'Uint32', chamber: 'Uint8', layer: 'Uint8', wire: 'Uint8', time_ns: 'Float64' } as const
const EVENT_HEAD = 2
/** ns are kept in doubles: a whole TDC count comes back this near to itself. */
const NEARLY_WHOLE = 1e-6
const LARGEST_BX = 65_535

/** The first column that a table of hits should have and has not, or not so; undefined where all are there. */
export function missingHitsColumn(fields: readonly Field[]): string | undefined {
  const types = new Map(fields.map(({ name, type }) => [String(name), String(type)]))
  return Object.entries(COLUMNS).find(([name, type]) => types.get(name) !== type)?.[0]
}

/**
 * Writes hits [from, from + count) of a table into `rows` as the rows that they were: FPGA and TDC_CHANNEL by the run file, the
 * time as whole BX and the rest of it. Gives the index of a row that no detector of this run file gives, or -1.
 */
export function copyHits(batch: RecordBatch, from: number, count: number, rows: RowBuffer, run: RunFile): number {
  const [orbit, chamber, layer, wire, time] = Object.keys(COLUMNS).map((name) => batch.getChild(name)?.data[0] as Data)
  const { columns } = rows
  const places = placesByKey(run)
  clearRows(rows)
  columns.orbit.set(orbit.values.subarray(from, from + count))
  columns.head.fill(EVENT_HEAD, 0, count)
  for (let i = 0; i < count; i++) {
    const row = from + i
    const place = isNull(chamber, row)
      ? run.scintillator
      : places[keyOf(chamber.values[row], layer.values[row], wire.values[row])]
    if (place === undefined || !Number.isFinite(time.values[row])) return row
    columns.fpga[i] = place.fpga
    columns.channel[i] = place.channel
    setTime(columns, i, timeOfNs(time.values[row]))
  }
  rows.length = count
  return -1
}

/** ns since the orbit began, in TDC counts. */
export function timeOfNs(ns: number): number {
  const time = (ns * TDC_PER_BX) / NS_PER_BX
  const whole = Math.round(time)
  return Math.abs(time - whole) < NEARLY_WHOLE ? whole : time
}

function setTime({ bx, tdc }: Columns, i: number, time: number): void {
  bx[i] = Math.min(LARGEST_BX, Math.max(0, Math.floor(time / TDC_PER_BX)))
  tdc[i] = time - TDC_PER_BX * bx[i]
}

/** What each chamber, layer and wire has for a channel. */
function placesByKey({ chambers, layers }: RunFile): ({ fpga: number; channel: number } | undefined)[] {
  const places: { fpga: number; channel: number }[] = []
  for (const [chamber, { fpga, first_channel }] of chambers.entries()) {
    for (const [i, { channel_mod_4 }] of layers.entries()) {
      for (let wire = 0; wire < WIRES; wire++)
        places[keyOf(chamber, i + 1, wire)] = { fpga, channel: first_channel + LAYERS * wire + channel_mod_4 }
    }
  }
  return places
}

/** Beyond a layer's wires there are other keys, but none of a place. */
function keyOf(chamber: number, layer: number, wire: number): number {
  return layer >= 1 && layer <= LAYERS && wire < WIRES ? chamber * CELLS + (layer - 1) * WIRES + wire : -1
}

function isNull({ nullCount, nullBitmap, offset }: Data, row: number): boolean {
  if (nullCount === 0) return false
  const bit = offset + row
  return (nullBitmap[bit >> 3] & (1 << (bit & 7))) === 0
}

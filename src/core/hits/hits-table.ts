import type { Data, RecordBatch, Schema } from 'apache-arrow'
import { arrow } from '../rows/arrow.js'
import { SCINTILLATOR } from '../run-file/chamber-map.js'
import { LAYERS, NS_PER_BX, type RunFile, TDC_PER_BX } from '../run-file/run-file.js'
import type { HitColumns } from './hit-columns.js'

/** What the metadata of a file of hits calls its schema. */
export const HITS_SCHEMA = 'dtstream.hits/1'

/**
 * The schema of a file of hits: `chamber`, `layer` (1 at the bottom) and `wire` are null in a scintillator signal;
 * `time_ns` counts from the orbit's beginning.
 */
export function hitsSchema(metadata: ReadonlyMap<string, string>): Schema {
  const { Field, Float64, Schema, Uint32, Uint8 } = arrow()
  const fields = [
    new Field('orbit', new Uint32(), false),
    new Field('chamber', new Uint8(), true),
    new Field('layer', new Uint8(), true),
    new Field('wire', new Uint8(), true),
    new Field('time_ns', new Float64(), false),
  ]
  return new Schema(fields, new Map([['schema', HITS_SCHEMA], ...metadata]))
}

/** TDC counts since the orbit began, in ns. */
export function nsOfTime(time: number): number {
  return (NS_PER_BX * time) / TDC_PER_BX
}

/** These rows of the columns as a record batch of `schema`, which is a `hitsSchema`. */
export function toHitsBatch(schema: Schema, hits: HitColumns, rows: Uint32Array, run: RunFile): RecordBatch {
  const { RecordBatch, Struct, makeData } = arrow()
  const { length } = rows
  const place = placesOf(hits, rows, run)
  const columns = [
    { data: place.orbit },
    { data: place.chamber, nullBitmap: place.isHit, nullCount: place.signals },
    { data: place.layer, nullBitmap: place.isHit, nullCount: place.signals },
    { data: place.wire, nullBitmap: place.isHit, nullCount: place.signals },
    { data: place.ns },
  ]
  const children = columns.map((column, k) => {
    const common = { type: schema.fields[k].type as never, length, nullCount: 0 }
    return makeData({ ...common, ...(column as { data: never }) }) as Data
  })
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

/** When and where each hit was; 0 in all three columns of place is a scintillator signal, of which `isHit` has no bit. */
function placesOf({ orbit, chamber, cell, time }: HitColumns, rows: Uint32Array, { layers }: RunFile) {
  const numbers = layers.map((_, mod) => 1 + layers.findIndex(({ channel_mod_4 }) => channel_mod_4 === mod))
  const { length } = rows
  const places = {
    orbit: new Uint32Array(length),
    ns: new Float64Array(length),
    chamber: new Uint8Array(length),
    layer: new Uint8Array(length),
    wire: new Uint8Array(length),
    isHit: new Uint8Array(Math.ceil(length / 8)),
    signals: 0,
  }
  for (let i = 0; i < length; i++) {
    const row = rows[i]
    places.orbit[i] = orbit[row]
    places.ns[i] = nsOfTime(time[row])
    if (chamber[row] === SCINTILLATOR) {
      places.signals++
      continue
    }
    places.isHit[i >> 3] |= 1 << (i & 7)
    places.chamber[i] = chamber[row]
    places.layer[i] = numbers[cell[row] % LAYERS]
    places.wire[i] = Math.floor(cell[row] / LAYERS)
  }
  return places
}

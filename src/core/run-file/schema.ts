import * as z from 'zod'
import { CHANNELS_PER_FPGA, FPGAS, MAX_CHAMBERS } from './chamber-map.js'
import { CELLS, LAYERS, NS_PER_ORBIT } from './run-file.js'

/** Hits and their scintillator signal must fit into one orbit. */
const MAX_OFFSET_NS = NS_PER_ORBIT / 4
const MAX_MM = 1_000_000

const name = must('must be one line of text (a number stands in quotes)', (error) =>
  z
    .string({ error })
    .max(200, { error })
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*\S[^\p{C}\p{Zl}\p{Zp}]*$/u, { error }),
)

const rawWord = mapping({
  layout: oneOf('head2-fpga4', 'head3-fpga3'),
  channel_offset: whole(-CHANNELS_PER_FPGA + 1, CHANNELS_PER_FPGA - 1),
  tdc_offset: whole(-31, 31),
  tdc_offset_except: list(whole(0, CHANNELS_PER_FPGA - 1), 0, CHANNELS_PER_FPGA, 'channels'),
})

const chamber = mapping({
  fpga: whole(0, FPGAS - 1),
  first_channel: whole(0, CHANNELS_PER_FPGA - CELLS),
  offset_ns: decimal(-MAX_OFFSET_NS, MAX_OFFSET_NS),
  z_mm: decimal(-MAX_MM, MAX_MM),
  view: oneOf('phi', 'theta'),
})

const layer = mapping({
  channel_mod_4: whole(0, LAYERS - 1),
  first_wire_mm: decimal(-MAX_MM, MAX_MM),
  z_mm: decimal(-MAX_MM, MAX_MM),
})

/** A run file as written: every key of the top level may be left out, none of those below it. */
export const runFileSchema = mapping({
  name: name.exactOptional(),
  raw_word: rawWord.exactOptional(),
  chambers: list(chamber, 1, MAX_CHAMBERS, 'chambers').exactOptional(),
  scintillator: mapping({ fpga: whole(0, FPGAS - 1), channel: whole(0, CHANNELS_PER_FPGA - 1) }).exactOptional(),
  cell: mapping({
    width_mm: decimal(0.001, MAX_MM),
    height_mm: decimal(0.001, MAX_MM),
    drift_velocity_um_per_ns: decimal(0.001, MAX_MM),
  }).exactOptional(),
  layers: list(layer, LAYERS, LAYERS, 'layers').exactOptional(),
  drift_time: mapping({
    low_ns: decimal(-MAX_MM, MAX_MM),
    high_ns: decimal(-MAX_MM, MAX_MM),
    width_ns: decimal(0.001, MAX_MM),
  }).exactOptional(),
})

/** One message for whatever is wrong with a value, so that it can be put behind the name of the field. */
function must<T>(message: string, schema: (error: string) => T): T {
  return schema(message)
}

function whole(low: number, high: number) {
  return must(`must be a whole number from ${low} to ${high}`, (error) =>
    z.int({ error }).min(low, { error }).max(high, { error }).transform(withoutMinusZero),
  )
}

function decimal(low: number, high: number) {
  return must(`must be a number from ${low} to ${high}`, (error) =>
    z.number({ error }).min(low, { error }).max(high, { error }).transform(withoutMinusZero),
  )
}

function withoutMinusZero(value: number): number {
  return value + 0
}

function oneOf<const T extends string>(...values: T[]) {
  return z.enum(values, { error: `must be ${values.join(' or ')}` })
}

function list<T extends z.ZodType>(item: T, least: number, most: number, what: string) {
  const error = `must be a list of ${least === most ? least : `${least} to ${most}`} ${what}`
  return z.array(item, { error }).min(least, { error }).max(most, { error })
}

function mapping<T extends z.core.$ZodLooseShape>(fields: T) {
  return z.strictObject(fields, { error: `must be a mapping with ${Object.keys(fields).join(', ')}` })
}

import * as z from 'zod'
import { CHANNELS_PER_FPGA, FPGAS, MAX_CHAMBERS } from './chamber-map.js'
import { CELLS, LAYERS, NS_PER_ORBIT } from './run-file.js'

/** Hits and their scintillator signal must fit into one orbit. */
const MAX_OFFSET_NS = NS_PER_ORBIT / 4
const MAX_MM = 1_000_000
const MAX_COUNT = 1_000_000_000

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

const health = mapping({
  significance: decimal(1, 8).exactOptional(),
  ignore_cells: list(
    mapping({ chamber: whole(0, MAX_CHAMBERS - 1), cell: whole(0, CELLS - 1) }),
    0,
    MAX_CHAMBERS * CELLS,
    'cells',
  ).exactOptional(),
  dead_cells: check({ below: decimal(0.001, 0.5) }).exactOptional(),
  hot_cells: check({ above: decimal(2, MAX_COUNT) }).exactOptional(),
  rate: check({ least_hz: decimal(0, MAX_COUNT), most_hz: decimal(0, MAX_COUNT) }).exactOptional(),
  drift_edges: check({
    t0_ns: decimal(0.001, MAX_OFFSET_NS),
    velocity_um_per_ns: decimal(0.001, MAX_MM),
  }).exactOptional(),
  scintillator: check({ least_per_hit: decimal(1e-6, 1) }).exactOptional(),
  lag: check({ messages: whole(1, MAX_COUNT), seconds: whole(10, 3600) }).exactOptional(),
  malformed: check({ most_share: decimal(1e-6, 1) }).exactOptional(),
  reference: check({ difference: decimal(0.001, 10), p_value: decimal(1e-15, 0.1) }).exactOptional(),
})

/** A run file as written: every key of the top level and of `health` may be left out, none of those below them. */
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
  health: health.exactOptional(),
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

function mapping<T extends z.core.$ZodLooseShape>(fields: T, what = 'a mapping') {
  return z.strictObject(fields, { error: `must be ${what} with ${Object.keys(fields).join(', ')}` })
}

/** The limits of a check, or the word that switches it off; what is wrong with them is told as of any mapping. */
function check<T extends z.core.$ZodLooseShape>(fields: T) {
  const limits = mapping(fields, 'off or a mapping')
  return z.unknown().transform((value, context): z.output<typeof limits> | 'off' => {
    if (value === 'off') return value
    const { data, error } = limits.safeParse(value)
    if (error) context.issues.push(...error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue))
    return data ?? z.NEVER
  })
}

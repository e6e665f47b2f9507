import { CELLS } from '../run-file/run-file.js'
import type { Result } from './result.js'

type Test = (value: unknown, chambers: number) => boolean

/** Every field of a result: what it must pass, and what it is, for the reason. In the order of `Result`. */
const FIELDS: Record<keyof Result, [test: Test, what: string]> = {
  schema: [(value) => value === 'dtstream.result/1', '"dtstream.result/1"'],
  msg_ID: [isCount, 'a number from 0'],
  worker: [isText, 'text'],
  interval: [isInterval, '{start, end}, ISO times with milliseconds in UTC'],
  source: [(value) => Array.isArray(value) && value.every(isRange), 'ranges of topics, windows or files'],
  orbits: [isOrbitRange, '{first, last, count, run}'],
  rows: [isRowCounts, 'counts of rows by class'],
  geometry: [isText, 'a digest'],
  hit_count: [isCount, 'a count'],
  hit_count_chamber: [(value) => isCounts(value) && value.length > 0, 'one count a chamber'],
  tdc_counts_chamber: [perChamber(isSparseCounts), '{bin_edges, hist_counts} by chamber'],
  active_tdc_chamber: [optional(perChamber(isSparseCounts)), '{bin_edges, hist_counts} by chamber'],
  active_multiplicity_chamber: [
    perChamber((value) => isCounts(value) && value.length === CELLS),
    `${CELLS} counts by chamber`,
  ],
  tdc_counts_scintillator_chamber: [perChamber(isSparseCounts), '{bin_edges, hist_counts} by chamber'],
  drift_time_chamber: [perChamber(isDriftHistogram), 'a histogram by chamber'],
}
const FIELD_LIST = Object.entries(FIELDS)

/** Reads a message of data_clean, or says why it is no result. Fields that results do not have are left as they are. */
export function parseResult(text: string): Result | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  return checkResult(value)
}

/**
 * The value as a result, or why it is none. Checked are shapes, types and ranges, so that no reader has to look again:
 * whole counts from 0, edges that ascend, histograms of one length, and the same chambers throughout. Whether counts
 * agree with each other is not asked.
 */
export function checkResult(value: unknown): Result | string {
  if (!isObject(value)) return 'it is no JSON object'
  if (!('schema' in value)) return 'it has no field schema'
  const chambers = Array.isArray(value.hit_count_chamber) ? value.hit_count_chamber.length : 0
  for (const [name, [test, what]] of FIELD_LIST) {
    if (!test(value[name], chambers))
      return `its ${name} ${name in value ? 'is not' : 'is missing; it should be'} ${what}`
  }
  return value as unknown as Result
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCounts(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false
  for (let i = 0; i < value.length; i++) if (!isCount(value[i])) return false
  return true
}

/** To the letter as `toISOString` writes it: times are compared as text, and kept as numbers in Arrow files. */
function isTime(value: unknown): boolean {
  if (!isText(value)) return false
  const date = new Date(value)
  return !Number.isNaN(date.getTime()) && date.toISOString() === value
}

function isInterval(value: unknown): boolean {
  return isObject(value) && isTime(value.start) && isTime(value.end)
}

function isRange(value: unknown): boolean {
  if (!isObject(value)) return false
  const { from, to, watermark } = value
  if (!isCount(from) || !isCount(to) || from > to || !isCountOrNull(watermark)) return false
  const kinds = Object.entries(RANGE_KINDS).filter(([field]) => field in value)
  return kinds.length === 1 && kinds[0][1](value, to - from)
}

/** What a range must have, by the field that tells its kind. */
const RANGE_KINDS: Record<string, (range: Record<string, unknown>, length: number) => boolean> = {
  name: (range) => isText(range.name) && !('topic' in range),
  partition: ({ topic, partition, rounds }, length) =>
    isText(topic) && isCount(partition) && (rounds === undefined || areSteps(rounds, length)),
  since: ({ topic, since }) => isText(topic) && isCounts(since) && since.length > 0,
}

/** Whole numbers that, without their signs, come to this sum. */
function areSteps(value: unknown, sum: number): boolean {
  if (!Array.isArray(value) || !value.every((step) => Number.isSafeInteger(step))) return false
  return value.reduce((total, step) => total + Math.abs(step), 0) === sum
}

function isOrbitRange(value: unknown): boolean {
  if (!isObject(value)) return false
  return isCountOrNull(value.first) && isCountOrNull(value.last) && isCount(value.count) && isCount(value.run)
}

function isCountOrNull(value: unknown): boolean {
  return value === null || isCount(value)
}

function isRowCounts(value: unknown): boolean {
  if (!isObject(value)) return false
  const { read, hits, scintillator, ancillary, unmapped, malformed, late } = value
  return [read, hits, scintillator, ancillary, unmapped, malformed, late].every(isCount)
}

/** An object with just the keys "0", "1" and on, one for each chamber. */
function perChamber(test: (value: unknown) => boolean): Test {
  return (value, chambers) => {
    if (!isObject(value)) return false
    const keys = Object.keys(value)
    return keys.length === chambers && keys.every((key, chamber) => key === String(chamber) && test(value[key]))
  }
}

function optional(test: Test): Test {
  return (value, chambers) => value === undefined || test(value, chambers)
}

function isSparseCounts(value: unknown): boolean {
  if (!isObject(value)) return false
  const { bin_edges: edges, hist_counts: counts } = value
  return isCounts(edges) && isAscending(edges) && isCounts(counts) && counts.length === edges.length
}

function isDriftHistogram(value: unknown): boolean {
  if (!isObject(value)) return false
  const { low, width, bins, bin_edges: edges, hist_counts: counts, underflow, overflow } = value
  if (!Number.isFinite(low) || !Number.isFinite(width) || (width as number) <= 0 || !isCount(bins)) return false
  if (!Array.isArray(edges) || !edges.every(Number.isFinite) || !isAscending(edges) || edges.length > bins) return false
  return isCounts(counts) && counts.length === edges.length && isCount(underflow) && isCount(overflow)
}

function isAscending(values: readonly number[]): boolean {
  for (let i = 1; i < values.length; i++) if (values[i - 1] >= values[i]) return false
  return true
}

import type { Result } from '../../src/core/results/result.js'

/**
 * All six results and the row classes, computed slowly and plainly from the definitions: text split with string
 * functions, a Map of orbits by run, an object for each hit. It shares no code with the core that it is compared with.
 */

/** The fields of a result that count something; everything but when, by whom and from which offsets. */
export type Counts = Pick<
  Result,
  | 'hit_count'
  | 'hit_count_chamber'
  | 'tdc_counts_chamber'
  | 'active_multiplicity_chamber'
  | 'tdc_counts_scintillator_chamber'
  | 'drift_time_chamber'
> & {
  rows: Omit<Result['rows'], 'late'>
  orbit_count: number
  active_tdc_chamber: Result['tdc_counts_chamber'] | undefined
}

export type RowClass = 'hits' | 'scintillator' | 'ancillary' | 'unmapped' | 'malformed'

interface Hit {
  channel: number
  time: number
}

interface Orbit {
  number: number
  /** of each chamber */
  hits: Hit[][]
  scintillators: number[]
}

const CHAMBERS = [0, 1, 2, 3]
const OFFSETS_NS = [95.0 - 1.1, 95.0 + 6.4, 95.0 + 0.5, 95.0 - 2.6]
const LOW_NS = -100
const WIDTH_NS = 2.5
const BINS = 260
const BYTE_ORDER_MARK = '\xef\xbb\xbf'
const HEADER = ['HEAD', 'FPGA', 'TDC_CHANNEL', 'ORBIT_CNT', 'BX_COUNTER', 'TDC_MEAS']

/** The records in bytes, each as text (one character a byte): lines without line ends, blank ones and headers. */
export function recordsIn(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  return lines.map(withoutFrills).filter((line) => line !== '' && line !== HEADER.join(','))
}

function withoutFrills(line: string): string {
  const start = line.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  return line.slice(start, line.endsWith('\r') ? -1 : undefined)
}

/** The six values of a record, or undefined where it cannot be read. None is longer than 256 characters. */
export function readRecord(record: string): number[] | undefined {
  const fields = record.split(',')
  if (fields.length !== 6 || record.length > 256) return undefined
  const [head, fpga, channel, orbit, bx] = fields
  const whole = [
    wholeNumber(head, 8),
    wholeNumber(fpga, 8),
    wholeNumber(channel, 16),
    wholeNumber(orbit, 32),
    wholeNumber(bx, 16),
  ]
  const tdc = decimal(fields[5])
  return Number.isNaN(tdc) || whole.some(Number.isNaN) ? undefined : [...whole, tdc]
}

function wholeNumber(text: string, bits: number): number {
  return isDigits(text) && Number(text) < 2 ** bits ? Number(text) : Number.NaN
}

/** A float32: `-12`, `-0.573730`, `1e3`, `1.5E-3`; neither `.5` nor `5.`, no sign but minus. */
function decimal(text: string): number {
  const value = Math.fround(Number(text))
  if (!Number.isFinite(value)) return Number.NaN
  if (isDigits(text)) return value
  const size = text.startsWith('-') ? text.slice(1) : text
  const [mantissa, exponent, ...more] = size.toLowerCase().split('e')
  const [whole, fraction, ...evenMore] = mantissa.split('.')
  const wellFormed =
    isDigits(whole) &&
    (fraction === undefined || isDigits(fraction)) &&
    (exponent === undefined || isDigits(exponent.replace(/^[+-]/, ''))) &&
    more.length + evenMore.length === 0
  return wellFormed ? value : Number.NaN
}

function isDigits(text: string): boolean {
  return text !== '' && !/[^0-9]/.test(text)
}

export function classOf(record: string): RowClass {
  const values = readRecord(record)
  return values ? classOfValues(values) : 'malformed'
}

function classOfValues([head, fpga, channel]: number[]): RowClass {
  if (head !== 2) return 'ancillary'
  if (fpga === 1 && channel === 128) return 'scintillator'
  return chamberOf(fpga, channel) === undefined ? 'unmapped' : 'hits'
}

function chamberOf(fpga: number, channel: number): number | undefined {
  if (fpga === 0 && channel <= 63) return 0
  if (fpga === 0 && channel <= 127) return 1
  if (fpga === 1 && channel <= 63) return 2
  if (fpga === 1 && channel <= 127) return 3
  return undefined
}

export class Oracle {
  private readonly orbits = new Map<string, Orbit>()
  private readonly rows = { read: 0, hits: 0, scintillator: 0, ancillary: 0, unmapped: 0, malformed: 0 }

  /** Takes in one record; `run` tells apart equal orbits of different runs. */
  add(record: string, run = 0): void {
    const values = readRecord(record)
    const rowClass = values ? classOfValues(values) : 'malformed'
    this.rows.read++
    this.rows[rowClass]++
    if (!values || (rowClass !== 'hits' && rowClass !== 'scintillator')) return
    const [, fpga, channel, number, bx, tdc] = values
    const time = 30 * bx + tdc
    const orbit = this.orbitOf(number, run)
    if (rowClass === 'scintillator') orbit.scintillators.push(time)
    else orbit.hits[chamberOf(fpga, channel) as number].push({ channel, time })
  }

  private orbitOf(number: number, run: number): Orbit {
    const key = `${run}/${number}`
    const known = this.orbits.get(key)
    if (known) return known
    const orbit: Orbit = { number, hits: CHAMBERS.map(() => []), scintillators: [] }
    this.orbits.set(key, orbit)
    return orbit
  }

  addAll(records: Iterable<string>, run = 0): this {
    for (const record of records) this.add(record, run)
    return this
  }

  counts(): Counts {
    const orbits = [...this.orbits.values()]
    const hitCounts = CHAMBERS.map((chamber) => channels(orbits, chamber).length)
    const withScintillator = orbits.filter((orbit) => orbit.scintillators.length > 0)
    return {
      rows: { ...this.rows },
      orbit_count: orbits.length,
      hit_count: hitCounts.reduce((a, b) => a + b),
      hit_count_chamber: hitCounts,
      tdc_counts_chamber: perChamber((chamber) => histogram(channels(orbits, chamber))),
      active_tdc_chamber: perChamber((chamber) => activeChannels(orbits, chamber)),
      active_multiplicity_chamber: perChamber((chamber) => multiplicities(orbits, chamber)),
      tdc_counts_scintillator_chamber: perChamber((chamber) => histogram(channels(withScintillator, chamber))),
      drift_time_chamber: perChamber((chamber) => driftTimes(withScintillator, chamber)),
    }
  }
}

/** The counts of records that are all of one run. */
export function oracleCounts(records: Iterable<string>): Counts {
  return new Oracle().addAll(records).counts()
}

function perChamber<T>(value: (chamber: number) => T): Record<string, T> {
  return Object.fromEntries(CHAMBERS.map((chamber) => [String(chamber), value(chamber)]))
}

function channels(orbits: Orbit[], chamber: number): number[] {
  const found: number[] = []
  for (const { hits } of orbits) for (const hit of hits[chamber]) found.push(hit.channel)
  return found
}

function distinctChannels(orbit: Orbit, chamber: number): number {
  return new Set(channels([orbit], chamber)).size
}

function activeChannels(orbits: Orbit[], chamber: number): { bin_edges: number[]; hist_counts: number[] } {
  const distinct = new Map<number, number>()
  for (const orbit of orbits) {
    const count = distinctChannels(orbit, chamber)
    if (count > 0) distinct.set(orbit.number, (distinct.get(orbit.number) ?? 0) + count)
  }
  return sorted(distinct)
}

function multiplicities(orbits: Orbit[], chamber: number): number[] {
  const counts = new Array<number>(64).fill(0)
  for (const orbit of orbits) {
    const count = distinctChannels(orbit, chamber)
    if (count > 0) counts[count - 1]++
  }
  return counts
}

function driftTimes(orbits: Orbit[], chamber: number) {
  const bins: number[] = []
  let underflow = 0
  let overflow = 0
  for (const { hits, scintillators } of orbits) {
    const start = scintillators.reduce((a, b) => Math.min(a, b))
    for (const { time } of hits[chamber]) {
      const drift = (25 * (time - start)) / 30 + OFFSETS_NS[chamber]
      const bin = Math.floor((drift - LOW_NS) / WIDTH_NS)
      if (bin < 0) underflow++
      else if (bin >= BINS) overflow++
      else bins.push(bin)
    }
  }
  const { bin_edges, hist_counts } = histogram(bins)
  const lowerEdges = bin_edges.map((bin) => LOW_NS + bin * WIDTH_NS)
  return { low: LOW_NS, width: WIDTH_NS, bins: BINS, bin_edges: lowerEdges, hist_counts, underflow, overflow }
}

function histogram(values: number[]): { bin_edges: number[]; hist_counts: number[] } {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return sorted(counts)
}

function sorted(counts: Map<number, number>): { bin_edges: number[]; hist_counts: number[] } {
  const entries = [...counts].sort(([a], [b]) => a - b)
  return { bin_edges: entries.map(([edge]) => edge), hist_counts: entries.map(([, count]) => count) }
}

import { CELLS, driftBinCount, type RunFile } from '../run-file/run-file.js'
import type { DriftHistogram, OrbitRange, PerChamber, Result, RowCounts, SparseCounts } from './result.js'
import { emptyRowCounts } from './row-counts.js'

/** What a result has beside its counts. */
export type ResultLabel = Pick<Result, 'msg_ID' | 'worker' | 'interval' | 'source' | 'geometry'> & { run: number }

/** Orbits listed one by one in a result, above which the list is left out: some 100 MB of JSON. */
const MOST_LISTED_ORBITS = 4_000_000

/**
 * The counters of one result, filled as orbits close. Typed arrays throughout: nothing is made per row.
 * `take` turns them into a result and starts anew.
 */
export class Tally {
  readonly rows: RowCounts = emptyRowCounts()
  private readonly chambers: number
  private readonly bins: number
  private readonly low: number
  private readonly width: number
  private readonly offset: Float64Array
  private readonly hits: Float64Array
  private readonly hitsWithScintillator: Float64Array
  private readonly multiplicity: Float64Array
  private readonly drift: Float64Array
  private readonly underflow: Float64Array
  private readonly overflow: Float64Array
  private orbits = 0
  private firstOrbit = 0
  private lastOrbit = 0
  /** one a chamber; undefined where they are not wanted or have become too long */
  private listed: ListedOrbits[] | undefined
  private listedCount = 0

  constructor(
    run: RunFile,
    private readonly orbitDetail: boolean,
  ) {
    this.chambers = run.chambers.length
    this.bins = driftBinCount(run.drift_time)
    this.low = run.drift_time.low_ns
    this.width = run.drift_time.width_ns
    this.offset = Float64Array.from(run.chambers, (chamber) => chamber.offset_ns)
    this.hits = new Float64Array(this.chambers * CELLS)
    this.hitsWithScintillator = new Float64Array(this.chambers * CELLS)
    this.multiplicity = new Float64Array(this.chambers * CELLS)
    this.drift = new Float64Array(this.chambers * this.bins)
    this.underflow = new Float64Array(this.chambers)
    this.overflow = new Float64Array(this.chambers)
    this.firstChannel = Uint16Array.from(run.chambers, (chamber) => chamber.first_channel)
    this.listed = this.newLists()
  }
  private readonly firstChannel: Uint16Array

  /** `cell` counts through all chambers, 64 each. */
  addHit(cell: number): void {
    this.hits[cell]++
  }

  /** `dT` is T_hit - T_scintillator in TDC counts; drift = 25 * dT / 30 + offset, in ns. */
  addHitWithScintillator(cell: number, dT: number): void {
    this.hitsWithScintillator[cell]++
    const chamber = cell >>> 6
    const bin = Math.floor(((25 * dT) / 30 + this.offset[chamber] - this.low) / this.width)
    if (bin < 0) this.underflow[chamber]++
    else if (bin >= this.bins) this.overflow[chamber]++
    else this.drift[chamber * this.bins + bin]++
  }

  addLateHit(cell: number): void {
    this.hits[cell]++
    this.rows.late++
  }

  addLateScintillator(): void {
    this.rows.late++
  }

  /** `mask` has, from `base`, two words a chamber: the distinct cells of the orbit. */
  closeOrbit(orbit: number, mask: Uint32Array, base: number): void {
    if (this.orbits === 0) this.firstOrbit = orbit
    this.lastOrbit = orbit
    this.orbits++
    for (let chamber = 0; chamber < this.chambers; chamber++) {
      const low = mask[base + 2 * chamber]
      const high = mask[base + 2 * chamber + 1]
      if ((low | high) === 0) continue
      const distinct = bitCount(low) + bitCount(high)
      this.multiplicity[chamber * CELLS + distinct - 1]++
      if (this.listed) this.list(this.listed[chamber], orbit, distinct)
    }
  }

  private list(chamber: ListedOrbits, orbit: number, distinct: number): void {
    chamber.add(orbit, distinct)
    if (++this.listedCount > MOST_LISTED_ORBITS) this.listed = undefined
  }

  private newLists(): ListedOrbits[] | undefined {
    return this.orbitDetail ? Array.from({ length: this.chambers }, () => new ListedOrbits()) : undefined
  }

  /** Orbits closed since the last `take`. */
  get orbitCount(): number {
    return this.orbits
  }

  /** Whether anything has been counted since the last `take`. */
  get isEmpty(): boolean {
    return this.orbits === 0 && this.rows.read === 0 && this.rows.late === 0
  }

  /** The counts as a result, which clears them. */
  take({ run, ...label }: ResultLabel): Result {
    const { listed } = this
    const perChamber = Array.from({ length: this.chambers }, (_, chamber) =>
      sum(this.hits.subarray(chamber * CELLS, (chamber + 1) * CELLS)),
    )
    const result: Result = {
      schema: 'dtstream.result/1',
      msg_ID: label.msg_ID,
      worker: label.worker,
      interval: label.interval,
      source: label.source,
      orbits: this.orbitRange(run),
      rows: { ...this.rows },
      geometry: label.geometry,
      hit_count: perChamber.reduce((a, b) => a + b, 0),
      hit_count_chamber: perChamber,
      tdc_counts_chamber: this.perChamber((chamber) => this.channelCounts(this.hits, chamber)),
      ...(listed ? { active_tdc_chamber: this.perChamber((chamber) => listed[chamber].toSparse()) } : {}),
      active_multiplicity_chamber: this.perChamber((chamber) =>
        Array.from(this.multiplicity.subarray(chamber * CELLS, (chamber + 1) * CELLS)),
      ),
      tdc_counts_scintillator_chamber: this.perChamber((chamber) =>
        this.channelCounts(this.hitsWithScintillator, chamber),
      ),
      drift_time_chamber: this.perChamber((chamber) => this.driftHistogram(chamber)),
    }
    this.clear()
    return result
  }

  private clear(): void {
    Object.assign(this.rows, emptyRowCounts())
    for (const counts of [this.hits, this.hitsWithScintillator, this.multiplicity, this.drift]) counts.fill(0)
    this.underflow.fill(0)
    this.overflow.fill(0)
    this.orbits = 0
    this.listed = this.newLists()
    this.listedCount = 0
  }

  private orbitRange(run: number): OrbitRange {
    const none = this.orbits === 0
    return { first: none ? null : this.firstOrbit, last: none ? null : this.lastOrbit, count: this.orbits, run }
  }

  private perChamber<T>(of: (chamber: number) => T): PerChamber<T> {
    return Object.fromEntries(Array.from({ length: this.chambers }, (_, chamber) => [String(chamber), of(chamber)]))
  }

  private channelCounts(counts: Float64Array, chamber: number): SparseCounts {
    const cells = counts.subarray(chamber * CELLS, (chamber + 1) * CELLS)
    return sparse(cells, (cell) => cell + this.firstChannel[chamber])
  }

  private driftHistogram(chamber: number): DriftHistogram {
    const counts = this.drift.subarray(chamber * this.bins, (chamber + 1) * this.bins)
    return {
      low: this.low,
      width: this.width,
      bins: this.bins,
      ...sparse(counts, (bin) => this.low + bin * this.width),
      underflow: this.underflow[chamber],
      overflow: this.overflow[chamber],
    }
  }
}

/** Result 4 of one chamber orbit by orbit: the orbits that have hits in it, and how many distinct channels. */
class ListedOrbits {
  private orbit = new Uint32Array(1024)
  private distinct = new Uint8Array(1024)
  private length = 0

  add(orbit: number, distinct: number): void {
    if (this.length === this.orbit.length) this.grow()
    this.orbit[this.length] = orbit
    this.distinct[this.length] = distinct
    this.length++
  }

  toSparse(): SparseCounts {
    return ascending({ bin_edges: numbers(this.orbit, this.length), hist_counts: numbers(this.distinct, this.length) })
  }

  private grow(): void {
    const { orbit, distinct } = this
    this.orbit = new Uint32Array(2 * this.length)
    this.distinct = new Uint8Array(2 * this.length)
    this.orbit.set(orbit)
    this.distinct.set(distinct)
  }
}

/** The first `count` values in a plain array; there can be millions, and Array.from takes three times as long. */
function numbers(values: Uint32Array | Uint8Array, count: number): number[] {
  const out = new Array<number>(count)
  for (let i = 0; i < count; i++) out[i] = values[i]
  return out
}

/** Sorts by edge and adds the counts of equal edges (the same orbit number in two runs). */
export function ascending({ bin_edges, hist_counts }: SparseCounts): SparseCounts {
  if (isAscending(bin_edges)) return { bin_edges, hist_counts }
  const order = bin_edges.map((_, i) => i).sort((a, b) => bin_edges[a] - bin_edges[b])
  const sorted: SparseCounts = { bin_edges: [], hist_counts: [] }
  for (const i of order) {
    const end = sorted.bin_edges.length - 1
    if (sorted.bin_edges[end] === bin_edges[i]) sorted.hist_counts[end] += hist_counts[i]
    else {
      sorted.bin_edges.push(bin_edges[i])
      sorted.hist_counts.push(hist_counts[i])
    }
  }
  return sorted
}

function isAscending(edges: readonly number[]): boolean {
  for (let i = 1; i < edges.length; i++) if (edges[i - 1] >= edges[i]) return false
  return true
}

function sparse(counts: Float64Array, edge: (index: number) => number): SparseCounts {
  const out: SparseCounts = { bin_edges: [], hist_counts: [] }
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue
    out.bin_edges.push(edge(i))
    out.hist_counts.push(counts[i])
  }
  return out
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Bits set in a 32-bit word (Warren, Hacker's Delight, 5-1). */
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

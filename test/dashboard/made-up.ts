import type { DriftHistogram, PerChamber, Result, SparseCounts } from '../../src/core/results/result.js'
import { emptyRowCounts } from '../../src/core/results/row-counts.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { CELLS, DEFAULT_RUN, driftBinCount, type RunFile } from '../../src/core/run-file/run-file.js'

/** A moment to count from. */
export const T0 = Date.UTC(2026, 2, 1, 12)

/** The parts of a result that matter to a dashboard; whatever is left out is empty. */
export interface MadeUp {
  run?: RunFile
  lane?: number
  /** offsets covered */
  from?: number
  to?: number
  startMs?: number
  endMs?: number
  /** hits by chamber and cell */
  cells?: number[][]
  /** the same, of orbits with a scintillator signal; by default all hits are in such orbits */
  scintillatorCells?: number[][]
  /** orbits by chamber and number of active channels, less one */
  multiplicity?: number[][]
  /** drift times by chamber and bin */
  drift?: number[][]
  underflow?: number
  overflow?: number
  rows?: Partial<Result['rows']>
}

/** A result with these counts, in the form in which process sends it. */
export function result(made: MadeUp = {}): Result {
  const { run = DEFAULT_RUN, lane = 0, from = 0, to = from + 1, startMs = T0 - 1000, endMs = T0 } = made
  const numbers = [...run.chambers.keys()]
  const cells = numbers.map((chamber) => made.cells?.[chamber] ?? new Array<number>(CELLS).fill(0))
  const perChamber = <T>(of: (chamber: number) => T): PerChamber<T> =>
    Object.fromEntries(numbers.map((chamber) => [String(chamber), of(chamber)]))
  const hit_count_chamber = cells.map((counts) => counts.reduce((a, b) => a + b, 0))
  const hits = hit_count_chamber.reduce((a, b) => a + b, 0)
  const channels = (counts: readonly number[], chamber: number) =>
    sparse(counts, (cell) => cell + run.chambers[chamber].first_channel)
  return {
    schema: 'dtstream.result/1',
    msg_ID: from,
    worker: 'group/test/0',
    interval: { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
    source: [{ topic: 'data_raw', partition: lane, from, to, watermark: null }],
    orbits: { first: null, last: null, count: 0, run: 0 },
    rows: { ...emptyRowCounts(), read: hits, hits, ...made.rows },
    geometry: digestOf(run),
    hit_count: hits,
    hit_count_chamber,
    tdc_counts_chamber: perChamber((chamber) => channels(cells[chamber], chamber)),
    active_multiplicity_chamber: perChamber(
      (chamber) => made.multiplicity?.[chamber] ?? new Array<number>(CELLS).fill(0),
    ),
    tdc_counts_scintillator_chamber: perChamber((chamber) =>
      channels((made.scintillatorCells ?? cells)[chamber] ?? [], chamber),
    ),
    drift_time_chamber: perChamber((chamber) => histogram(run, made, chamber)),
  }
}

const digests = new WeakMap<RunFile, string>()

function digestOf(run: RunFile): string {
  const digest = digests.get(run) ?? geometryDigest(run)
  digests.set(run, digest)
  return digest
}

function histogram(run: RunFile, made: MadeUp, chamber: number): DriftHistogram {
  const { low_ns, width_ns } = run.drift_time
  return {
    low: low_ns,
    width: width_ns,
    bins: driftBinCount(run.drift_time),
    ...sparse(made.drift?.[chamber] ?? [], (bin) => low_ns + bin * width_ns),
    underflow: made.underflow ?? 0,
    overflow: made.overflow ?? 0,
  }
}

function sparse(counts: readonly number[], edge: (index: number) => number): SparseCounts {
  const occurring = [...counts.keys()].filter((index) => counts[index] > 0)
  return { bin_edges: occurring.map(edge), hist_counts: occurring.map((index) => counts[index]) }
}

/** The same count in every bin from 0 to 390 ns, none elsewhere. */
export function timeBox(count: number, run: RunFile = DEFAULT_RUN): number[] {
  const { low_ns, width_ns } = run.drift_time
  return Array.from({ length: driftBinCount(run.drift_time) }, (_, bin) => {
    const ns = low_ns + bin * width_ns
    return ns >= 0 && ns < 390 ? count : 0
  })
}

/** The same count in every cell, but for those given. */
export function evenCells(count: number, except: Record<number, number> = {}): number[] {
  return Array.from({ length: CELLS }, (_, cell) => except[cell] ?? count)
}

/** A run of so many chambers. */
export function runOf(chambers: number): RunFile {
  return {
    ...DEFAULT_RUN,
    chambers: Array.from({ length: chambers }, (_, i) => ({
      fpga: i >> 1,
      first_channel: (i & 1) * CELLS,
      offset_ns: 95,
      z_mm: 300 + 100 * i,
      view: 'phi',
    })),
  }
}

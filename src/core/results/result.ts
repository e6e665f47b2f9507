/** One message on `data_clean`, as `docs/results.md` describes it. Counts are integers; arrays have one entry a chamber. */
export interface Result {
  schema: 'dtstream.result/1'
  /** running number of the lane's results, from 0, without a gap */
  msg_ID: number
  /** who sent it: group, instance, index */
  worker: string
  /** when the rows were taken in: ISO times with milliseconds, UTC */
  interval: { start: string; end: string }
  source: SourceRange[]
  orbits: OrbitRange
  rows: RowCounts
  /** digest of the run file's content; results of different geometry are never added */
  geometry: string
  hit_count: number
  hit_count_chamber: number[]
  tdc_counts_chamber: PerChamber<SparseCounts>
  /** left out with `--orbit-detail none` */
  active_tdc_chamber?: PerChamber<SparseCounts>
  /** entry n - 1: orbits with n distinct channels, n = 1..64 */
  active_multiplicity_chamber: PerChamber<number[]>
  tdc_counts_scintillator_chamber: PerChamber<SparseCounts>
  drift_time_chamber: PerChamber<DriftHistogram>
}

/** Keyed "0" to "3", as the original message is. */
export type PerChamber<T> = Record<string, T>

/** The entries that occur: `bin_edges` ascending, `hist_counts` beside them, both of one length. */
export interface SparseCounts {
  bin_edges: number[]
  hist_counts: number[]
}

export interface DriftHistogram extends SparseCounts {
  /** lower edge of bin 0, in ns */
  low: number
  /** ns */
  width: number
  bins: number
  underflow: number
  overflow: number
}

/** The part of a source that a result covers, `from` included, `to` excluded. */
export type SourceRange = TopicRange | FileRange | WindowRange

export interface TopicRange {
  topic: string
  partition: number
  from: number
  to: number
  /** orbits up to this one are closed; null before the first orbit */
  watermark: number | null
  /**
   * In a lane of several partitions: the offsets that each of its rounds went on by, negative where the rows were taken
   * for late. In a round the partitions follow each other in the order of the ranges.
   */
  rounds?: number[]
}

/** A file, an object or a simulation: bytes (rows for a simulation). */
export interface FileRange {
  name: string
  from: number
  to: number
  watermark: number | null
}

/** A window of orbits, of a Spark job that reads a topic: the orbits of all its partitions, counted on through the counter's wrap. */
export interface WindowRange {
  topic: string
  /** the offsets at which the job began, by partition */
  since: number[]
  /** orbits, 2^32 and more where the counter has wrapped since the job began */
  from: number
  to: number
  /** the window's last orbit, as on the wire */
  watermark: number | null
}

export interface OrbitRange {
  /** first and last of the closed orbits, as on the wire; null where none was closed */
  first: number | null
  last: number | null
  count: number
  /** restarts of the orbit counter that were seen before */
  run: number
}

/** read = hits + scintillator + ancillary + unmapped + malformed. */
export interface RowCounts {
  read: number
  hits: number
  scintillator: number
  ancillary: number
  unmapped: number
  malformed: number
  /** hits and scintillator signals whose orbit had been closed; counted in their class too */
  late: number
}

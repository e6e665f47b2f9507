import { ExpectedError } from '../../errors.js'
import { Chains, type Gap, sourceKey } from './chains.js'
import type { DriftHistogram, OrbitRange, PerChamber, Result, RowCounts, SparseCounts } from './result.js'
import { ROW_COUNTS } from './row-counts.js'
import { SparkJobs } from './spark-jobs.js'
import { sparkPartOf } from './worker-name.js'

/**
 * Adds results into one, as `hadd` does for ROOT's histograms. A result whose ranges overlap what is already in the
 * sum is a repetition and is dropped, so any number of topics, files and restarts may be read.
 */
export class ResultSum {
  added = 0
  repeated = 0
  private readonly chains = new Chains()
  private readonly jobs = new SparkJobs()
  private readonly orbitDetail: boolean
  private template: Result | undefined
  private start = ''
  private end = ''
  private orbits: OrbitRange = { first: null, last: null, count: 0, run: 0 }
  private readonly rows = new Counts()
  private readonly hits = new Counts()
  private readonly histograms = new Map<string, Counts>()
  private detailed = true
  private readonly withoutRows = new Set<string>()

  constructor({ orbitDetail = true }: { orbitDetail?: boolean } = {}) {
    this.orbitDetail = orbitDetail
  }

  /**
   * Adds a result, or drops it where it repeats rows that are in the sum.
   * @throws ExpectedError when it was made with another geometry, or counts in another way what is in the sum
   */
  add(result: Result): 'added' | 'repeated' {
    if (this.template && result.geometry !== this.template.geometry)
      throw new ExpectedError(
        `results of different geometry cannot be added: ${this.template.geometry} and ${result.geometry}`,
        ['merge the results of each run file by themselves'],
      )
    this.jobs.admit(result, this.chains.overlaps(result.source))
    this.template ??= result
    if (this.isRepetition(result)) {
      this.repeated++
      return 'repeated'
    }
    this.chains.add(result.source)
    this.added++
    this.jobs.add(result)
    this.addSpan(result)
    this.addCounts(result)
    return 'added'
  }

  /** Holes in the chains of ranges, but those that prove nothing. */
  gaps(): Gap[] {
    return this.chains.gaps(this.jobs.topics)
  }

  /**
   * Hits that Spark jobs have read and no window of theirs counts: it is still open, or they came when it had closed. Below 0
   * where results of rows are missing; undefined where there is no job.
   */
  get hitsInNoWindow(): number | undefined {
    return this.jobs.hitsInNoWindow
  }

  /** The sum in the form of a result; undefined before the first one is added. */
  toResult(worker: string): Result | undefined {
    if (!this.template) return undefined
    const { template } = this
    const chambers = Object.keys(template.tdc_counts_chamber)
    const hit_count_chamber = chambers.map((_, chamber) => this.hits.get(chamber))
    return {
      schema: 'dtstream.result/1',
      msg_ID: 0,
      worker,
      interval: { start: this.start, end: this.end },
      source: this.chains.ranges(),
      orbits: { ...this.orbits },
      rows: rowCounts(this.rows),
      geometry: template.geometry,
      hit_count: hit_count_chamber.reduce((a, b) => a + b, 0),
      hit_count_chamber,
      tdc_counts_chamber: this.perChamber(chambers, 'channels'),
      ...(this.orbitDetail && this.detailed ? { active_tdc_chamber: this.perChamber(chambers, 'orbits') } : {}),
      active_multiplicity_chamber: mapValues(template.active_multiplicity_chamber, (counts, chamber) =>
        counts.map((_, i) => this.histogram('multiplicity', chamber).get(i)),
      ),
      tdc_counts_scintillator_chamber: this.perChamber(chambers, 'scintillator'),
      drift_time_chamber: mapValues(template.drift_time_chamber, ({ low, width, bins }, chamber) => ({
        low,
        width,
        bins,
        ...this.histogram('drift', chamber).toSparse(),
        underflow: this.histogram('underflow', chamber).get(0),
        overflow: this.histogram('overflow', chamber).get(0),
      })),
    }
  }

  /** A result without rows of its own (orbits closed by idleness) overlaps nothing: its number tells. */
  private isRepetition({ source, msg_ID }: Result): boolean {
    if (source.some(({ from, to }) => from < to)) return this.chains.overlaps(source)
    const name = source.map((range) => `${sourceKey(range)}@${range.to}#${msg_ID}`).join()
    const known = this.withoutRows.has(name)
    this.withoutRows.add(name)
    return known
  }

  private addSpan({ interval, orbits }: Result): void {
    if (this.start === '' || interval.start < this.start) {
      this.start = interval.start
      this.orbits.first = orbits.first ?? this.orbits.first
    }
    if (interval.end >= this.end) {
      this.end = interval.end
      this.orbits.last = orbits.last ?? this.orbits.last
    }
    this.orbits.first ??= orbits.first
    this.orbits.last ??= orbits.last
    this.orbits.count += orbits.count
    this.orbits.run = Math.max(this.orbits.run, orbits.run)
  }

  private addCounts(result: Result): void {
    ROW_COUNTS.forEach((name, i) => {
      this.rows.add(i, result.rows[name])
    })
    result.hit_count_chamber.forEach((count, chamber) => {
      this.hits.add(chamber, count)
    })
    // rows of a Spark job have no orbits to list
    this.detailed &&= result.active_tdc_chamber !== undefined || sparkPartOf(result) === 'rows'
    if (this.orbitDetail && this.detailed) this.addSparse('orbits', result.active_tdc_chamber)
    this.addSparse('channels', result.tdc_counts_chamber)
    this.addSparse('scintillator', result.tdc_counts_scintillator_chamber)
    this.addSparse('drift', result.drift_time_chamber)
    for (const [chamber, counts] of Object.entries(result.active_multiplicity_chamber))
      counts.forEach((count, i) => {
        if (count > 0) this.histogram('multiplicity', chamber).add(i, count)
      })
    for (const [chamber, { underflow, overflow }] of Object.entries(result.drift_time_chamber)) {
      this.histogram('underflow', chamber).add(0, underflow)
      this.histogram('overflow', chamber).add(0, overflow)
    }
  }

  private addSparse(name: string, histograms: PerChamber<SparseCounts | DriftHistogram> = {}): void {
    for (const [chamber, { bin_edges, hist_counts }] of Object.entries(histograms)) {
      const counts = this.histogram(name, chamber)
      for (let i = 0; i < bin_edges.length; i++) counts.add(bin_edges[i], hist_counts[i])
    }
  }

  private perChamber(chambers: string[], name: string): PerChamber<SparseCounts> {
    return Object.fromEntries(chambers.map((chamber) => [chamber, this.histogram(name, chamber).toSparse()]))
  }

  private histogram(name: string, chamber: string): Counts {
    const key = `${name}/${chamber}`
    const counts = this.histograms.get(key) ?? new Counts()
    this.histograms.set(key, counts)
    return counts
  }
}

/** Counts by bin edge. */
class Counts {
  private readonly bins = new Map<number, number>()

  add(edge: number, count: number): void {
    this.bins.set(edge, (this.bins.get(edge) ?? 0) + count)
  }

  get(edge: number): number {
    return this.bins.get(edge) ?? 0
  }

  toSparse(): SparseCounts {
    const edges = [...this.bins.keys()].sort((a, b) => a - b)
    return { bin_edges: edges, hist_counts: edges.map((edge) => this.get(edge)) }
  }
}

function rowCounts(counts: Counts): RowCounts {
  return Object.fromEntries(ROW_COUNTS.map((name, i) => [name, counts.get(i)])) as unknown as RowCounts
}

function mapValues<T, U>(values: PerChamber<T>, change: (value: T, key: string) => U): PerChamber<U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]))
}

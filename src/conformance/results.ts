import fc from 'fast-check'
import type { PerChamber, Result, SourceRange, SparseCounts } from '../core/results/result.js'
import { emptyRowCounts } from '../core/results/row-counts.js'
import { geometryDigest } from '../core/run-file/geometry-digest.js'
import { CELLS, DEFAULT_RUN, driftBinCount } from '../core/run-file/run-file.js'

const { chambers: CHAMBERS, drift_time: DRIFT } = DEFAULT_RUN
const BINS = driftBinCount(DRIFT)
const GEOMETRY = geometryDigest(DEFAULT_RUN)

/** One hit of an orbit; `bin` is its drift-time bin, -1 for underflow, as many as there are bins for overflow. */
export interface HitDraft {
  chamber: number
  cell: number
  bin: number
}

/** An orbit to be counted; drift times are counted where it has a scintillator signal. */
export interface OrbitDraft {
  orbit: number
  scintillator: boolean
  hits: HitDraft[]
}

export interface ResultDraft {
  orbits: OrbitDraft[]
  /** counted in results 1 to 3 alone */
  lateHits: HitDraft[]
  /** rows of the other classes */
  others: { ancillary: number; unmapped: number; malformed: number }
  msg_ID?: number
  worker?: string
  /** ms since 1970, and ms */
  startMs?: number
  lengthMs?: number
  source?: SourceRange[]
  orbitDetail?: boolean
}

/** The result that a lane of the default run makes of these orbits, row for row, when all of them have closed. */
export function resultOf(draft: ResultDraft): Result {
  const orbits = [...draft.orbits].sort((a, b) => a.orbit - b.orbit)
  const onTime = orbits.flatMap(({ hits }) => hits)
  const withScintillator = orbits.filter(({ scintillator }) => scintillator)
  const all = [...onTime, ...draft.lateHits]
  const scintillator = withScintillator.length
  const { startMs = Date.UTC(2024, 2, 1), lengthMs = 1000 } = draft
  const read = all.length + scintillator + draft.others.ancillary + draft.others.unmapped + draft.others.malformed
  return {
    schema: 'dtstream.result/1',
    msg_ID: draft.msg_ID ?? 0,
    worker: draft.worker ?? 'dtstream/test/0',
    interval: { start: new Date(startMs).toISOString(), end: new Date(startMs + lengthMs).toISOString() },
    source: draft.source ?? [
      { topic: 'data_raw', partition: 0, from: 0, to: read, watermark: orbits.at(-1)?.orbit ?? null },
    ],
    orbits: { first: orbits[0]?.orbit ?? null, last: orbits.at(-1)?.orbit ?? null, count: orbits.length, run: 0 },
    rows: { ...emptyRowCounts(), ...draft.others, read, hits: all.length, scintillator, late: draft.lateHits.length },
    geometry: GEOMETRY,
    hit_count: all.length,
    hit_count_chamber: CHAMBERS.map((_, chamber) => all.filter((hit) => hit.chamber === chamber).length),
    tdc_counts_chamber: perChamber((chamber) => channelCounts(all, chamber)),
    ...(draft.orbitDetail === false
      ? {}
      : {
          active_tdc_chamber: perChamber((chamber) => counted(distinctCells(orbits, chamber).map(([o, n]) => [o, n]))),
        }),
    active_multiplicity_chamber: perChamber((chamber) => {
      const distinct = distinctCells(orbits, chamber).map(([, n]) => n)
      return Array.from({ length: CELLS }, (_, i) => distinct.filter((n) => n === i + 1).length)
    }),
    tdc_counts_scintillator_chamber: perChamber((chamber) =>
      channelCounts(
        withScintillator.flatMap(({ hits }) => hits),
        chamber,
      ),
    ),
    drift_time_chamber: perChamber((chamber) => {
      const bins = withScintillator
        .flatMap(({ hits }) => hits.filter((hit) => hit.chamber === chamber))
        .map((h) => h.bin)
      const inside = bins.filter((bin) => bin >= 0 && bin < BINS)
      return {
        low: DRIFT.low_ns,
        width: DRIFT.width_ns,
        bins: BINS,
        ...counted(inside.map((bin) => [DRIFT.low_ns + bin * DRIFT.width_ns, 1])),
        underflow: bins.filter((bin) => bin < 0).length,
        overflow: bins.filter((bin) => bin >= BINS).length,
      }
    }),
  }
}

/** One result, with counts that agree; sometimes empty, sometimes without orbit detail, with any Unicode in its names. */
export function anyResult(): fc.Arbitrary<Result> {
  return anyChain({ minLength: 1, maxLength: 1 }).map(([result]) => result)
}

/** What one lane sends: numbered from 0, each result's range beginning where the one before ended. */
export function anyChain({ minLength = 0, maxLength = 6 } = {}): fc.Arbitrary<Result[]> {
  const drafts = fc.array(
    fc.record({
      orbits: anyOrbits,
      lateHits: fc.array(anyHit, { maxLength: 2 }),
      others: anyOthers,
      lengthMs: fc.nat(5000),
    }),
    { minLength, maxLength },
  )
  return fc
    .record({
      drafts,
      worker: anyName,
      topic: anyName,
      partition: fc.nat(9),
      from: fc.nat(2 ** 40),
      orbitDetail: fc.boolean(),
    })
    .map(({ drafts, worker, topic, partition, from, orbitDetail }) => {
      let next = from
      let startMs = Date.UTC(2024, 0, 1) + from
      return drafts.map((draft, msg_ID) => {
        const { rows, orbits } = resultOf(draft)
        const source = [{ topic, partition, from: next, to: next + rows.read, watermark: orbits.last }]
        const result = resultOf({ ...draft, msg_ID, worker, startMs, source, orbitDetail })
        next += rows.read
        startMs += draft.lengthMs
        return result
      })
    })
}

/** A result of about this many bytes of JSON (16 an entry of the orbits' list). */
export function resultOfSize(bytes: number, msg_ID = 0): Result {
  const orbits = Array.from({ length: Math.ceil(bytes / 16) }, (_, i) => ({
    orbit: 3_000_000_000 + i,
    scintillator: i % 3 === 0,
    hits: [{ chamber: i % CHAMBERS.length, cell: (i * 7) % CELLS, bin: (i * 13) % BINS }],
  }))
  return resultOf({ orbits, lateHits: [], others: { ancillary: 1, unmapped: 2, malformed: 0 }, msg_ID })
}

/** Rows of any such result, and more. */
const MOST_ROWS = 10_000_000

/** As `resultOfSize`; no two numbers of one partition cover the same rows. */
export function chainedResult(bytes: number, msg_ID = 0): Result {
  const result = resultOfSize(bytes, msg_ID)
  const [range] = result.source
  const from = msg_ID * MOST_ROWS
  return { ...result, source: [{ ...range, from, to: from + range.to }] }
}

// with characters that JSON escapes, that take 2 to 4 bytes in UTF-8, and one that some take for the end of a line
const anyName = fc.oneof(
  fc.constant('data_raw'),
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\0', 'é', 'µ', '\u2028', '→', '🙂'),
    minLength: 1,
    maxLength: 12,
  }),
)
const anyHit = fc.record({
  chamber: fc.nat(CHAMBERS.length - 1),
  cell: fc.nat(CELLS - 1),
  bin: fc.integer({ min: -1, max: BINS }),
})
const anyOrbits = fc.uniqueArray(
  fc.record({
    orbit: fc.nat(2 ** 32 - 1),
    scintillator: fc.boolean(),
    hits: fc.array(anyHit, { maxLength: 10 }),
  }),
  { selector: ({ orbit }) => orbit, maxLength: 8 },
)
const anyOthers = fc.record({ ancillary: fc.nat(99), unmapped: fc.nat(99), malformed: fc.nat(9) })

function perChamber<T>(of: (chamber: number) => T): PerChamber<T> {
  return Object.fromEntries(CHAMBERS.map((_, chamber) => [String(chamber), of(chamber)]))
}

function channelCounts(hits: HitDraft[], chamber: number): SparseCounts {
  const own = hits.filter((hit) => hit.chamber === chamber)
  return counted(own.map(({ cell }) => [CHAMBERS[chamber].first_channel + cell, 1]))
}

/** The orbits with hits in a chamber, and how many distinct cells each has. */
function distinctCells(orbits: OrbitDraft[], chamber: number): [orbit: number, distinct: number][] {
  return orbits
    .map(({ orbit, hits }): [number, number] => {
      const cells = hits.filter((hit) => hit.chamber === chamber).map(({ cell }) => cell)
      return [orbit, new Set(cells).size]
    })
    .filter(([, distinct]) => distinct > 0)
}

function counted(entries: [edge: number, count: number][]): SparseCounts {
  const counts = new Map<number, number>()
  for (const [edge, count] of entries) counts.set(edge, (counts.get(edge) ?? 0) + count)
  const bin_edges = [...counts.keys()].sort((a, b) => a - b)
  return { bin_edges, hist_counts: bin_edges.map((edge) => counts.get(edge) ?? 0) }
}

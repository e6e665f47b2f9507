import type { Result } from '../../src/core/results/result.js'
import { emptyRowCounts } from '../../src/core/results/row-counts.js'
import { sparkWorker } from '../../src/core/results/worker-name.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { type Counts, classOf, Oracle, readRecord } from './oracle.js'

/** A message that the job reads: the records in it, none in an end mark. */
export interface JobMessage {
  offset: number
  records: string[]
}

export interface JobOptions {
  group?: string
  topic?: string
  /** by partition, in the order of their offsets */
  partitions: readonly (readonly JobMessage[])[]
  /** offsets at which the job begins; without it the first of each partition, 0 where there is none */
  since?: readonly number[]
  /** messages of a partition in a micro-batch */
  perBatch?: number
  intervalUs?: number
  /** records for whose windows it is too late when they come: counted as rows, and in no window */
  dropped?: ReadonlySet<string>
  startMs?: number
}

/** One record a message, from offset 0 on. */
export function messagesOf(records: readonly string[], first = 0): JobMessage[] {
  return records.map((record, i) => ({ offset: first + i, records: [record] }))
}

/** Microseconds of an orbit's beginning, orbits being 89.1 us, and the window of it. */
export function windowOf(orbit: number, intervalUs: number): number {
  return Math.floor(Math.floor((orbit * 891) / 10) / intervalUs)
}

/** The first orbit of a window: found by looking. */
function firstOrbitOf(window: number, intervalUs: number): number {
  let orbit = Math.max(0, Math.floor((window * intervalUs) / 89.1) - 2)
  while (windowOf(orbit, intervalUs) < window) orbit++
  return orbit
}

/**
 * What a Spark job sends of these messages when all its windows have closed, computed slowly with the oracle: a result for each
 * partition of a micro-batch, and one for each window, the windows behind the rows of all of them.
 */
export function sparkResults(options: JobOptions): { rows: Result[]; windows: Result[] } {
  return { rows: rowsResults(options), windows: windowResults(options) }
}

function read({ partitions, since = sinceOf(partitions) }: JobOptions): JobMessage[][] {
  return partitions.map((messages, partition) => messages.filter(({ offset }) => offset >= since[partition]))
}

function sinceOf(partitions: JobOptions['partitions']): number[] {
  return partitions.map(([first]) => first?.offset ?? 0)
}

function rowsResults(options: JobOptions): Result[] {
  const { group = 'dtstream', topic = 'data_raw', perBatch = 100, startMs = START_MS } = options
  const results: (Result & { batch: number })[] = []
  for (const [partition, messages] of read(options).entries()) {
    for (let batch = 0; batch * perBatch < messages.length; batch++) {
      const own = messages.slice(batch * perBatch, (batch + 1) * perBatch)
      const { rows } = new Oracle().addAll(own.flatMap(({ records }) => records)).counts()
      const [from, to] = [own[0].offset, (own.at(-1) as JobMessage).offset + 1]
      results.push({
        ...resultOf(new Oracle().counts(), startMs + batch * 1000, 1000),
        ...{ msg_ID: from, worker: sparkWorker(group, 'rows'), rows: { ...rows, late: 0 }, batch },
        source: [{ topic, partition, from, to, watermark: null }],
      })
    }
  }
  return results.sort((a, b) => a.batch - b.batch).map(({ batch: _, ...result }) => result)
}

function windowResults(options: JobOptions): Result[] {
  const { group = 'dtstream', topic = 'data_raw', intervalUs = 1_000_000, startMs = START_MS } = options
  const { dropped = new Set(), since = sinceOf(options.partitions) } = options
  const windows = new Map<number, { oracle: Oracle; orbits: number[] }>()
  const events = read(options)
    .flatMap((messages) => messages.flatMap(({ records }) => records))
    .filter((record) => ['hits', 'scintillator'].includes(classOf(record)) && !dropped.has(record))
  const orbitOf = countedOn(events)
  for (const record of events) {
    const orbit = orbitOf(record)
    const number = windowOf(orbit, intervalUs)
    const window = windows.get(number) ?? { oracle: new Oracle(), orbits: [] }
    windows.set(number, window)
    window.oracle.add(record)
    window.orbits.push(orbit)
  }
  return [...windows]
    .sort(([a], [b]) => a - b)
    .map(([number, { oracle, orbits }], i) => {
      const [from, to] = [firstOrbitOf(number, intervalUs), firstOrbitOf(number + 1, intervalUs)]
      const counts = oracle.counts()
      const inOrder = orbits.sort((a, b) => a - b)
      const [first, last] = [inOrder[0] % 2 ** 32, (inOrder.at(-1) as number) % 2 ** 32]
      return {
        ...resultOf(counts, startMs + (i * intervalUs) / 1000, intervalUs / 1000),
        ...{ msg_ID: number, worker: sparkWorker(group, 'windows') },
        orbits: { first, last, count: counts.orbit_count, run: 0 },
        source: [{ topic, since: [...since], from, to, watermark: (to - 1) % 2 ** 32 }],
      }
    })
}

const START_MS = Date.UTC(2024, 2, 1)

/** The counter wraps at 2^32: an orbit further below that of the first record than rows come late is behind the wrap. */
function countedOn([first]: readonly string[]): (record: string) => number {
  const orbitIn = (record: string) => readRecord(record)?.[3] ?? 0
  const start = first === undefined ? 0 : orbitIn(first)
  return (record) => orbitIn(record) + (orbitIn(record) < start - 2 ** 24 ? 2 ** 32 : 0)
}

/** Counts but those of rows; whoever sends it puts in the rest. */
function resultOf({ rows: _, orbit_count: __, ...counts }: Counts, startMs: number, lengthMs: number): Result {
  const { active_tdc_chamber, ...others } = counts
  return {
    ...{ schema: 'dtstream.result/1', msg_ID: 0, worker: '', source: [], geometry: geometryDigest(DEFAULT_RUN) },
    interval: { start: new Date(startMs).toISOString(), end: new Date(startMs + lengthMs).toISOString() },
    orbits: { first: null, last: null, count: 0, run: 0 },
    rows: emptyRowCounts(),
    ...others,
    ...(active_tdc_chamber ? { active_tdc_chamber } : {}),
  }
}

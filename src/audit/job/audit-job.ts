import { emptyResult } from '../../core/results/empty-result.js'
import type { Result } from '../../core/results/result.js'
import { sparkPartOf } from '../../core/results/worker-name.js'
import { createChamberMap } from '../../core/run-file/chamber-map.js'
import { ExpectedError } from '../../errors.js'
import { notYetWritten } from '../../log/out-of-range.js'
import type { RecomputeOptions } from '../recompute.js'
import { BatchChain } from './batch-chain.js'
import { emptyJobAudit, type JobAudit } from './job-audit.js'
import { JobWindows } from './job-windows.js'
import { PartitionReading } from './partition-reading.js'

/** What the Spark jobs of a group have sent, in any order. */
export interface JobResults {
  results: readonly Result[]
  /** retention has deleted results, so the first ones may be missing */
  trimmed: boolean
}

/** Hits and signals that wait for their windows: some 60 MB. */
const MOST_HELD = 4_000_000

/**
 * Computes again what the Spark jobs of a group have sent: of each partition the rows by class, of each window all counts. The
 * partitions are read in step; where more hits and signals are held than `mostHeld`, the windows that all partitions have passed are
 * computed, and what still comes for these is lost to them, as it was to Spark.
 * @param onProgress told how many rows were read so far
 * @returns undefined when the signal aborts
 * @throws ExpectedError where jobs were not begun one after the other, or the topic has no messages that results count
 */
export async function auditJob(
  options: RecomputeOptions,
  { results, trimmed }: JobResults,
  onProgress: (rows: number) => void,
  mostHeld = MOST_HELD,
): Promise<JobAudit | undefined> {
  const { raw, settings, signal } = options
  const begun = begunIn(results, raw.name)
  const audit = emptyJobAudit(begun, trimmed)
  const starts = raw.offsets.map(({ start }) => start)
  const windows = begun.map((since, i) => {
    const sent = results.filter(({ source: [range] }) => 'since' in range && range.since.join() === since.join())
    return new JobWindows(audit, { run: settings.run, since, sent, starts, isOver: i + 1 < begun.length })
  })
  const chains = chainsOf(audit, options, results)
  const jobs = begun.map((since, i) => ({ since, windows: windows[i] }))
  const readings = await openReadings(options, audit, chains, jobs)
  let rows = 0
  try {
    for (let next = slowestOf(readings); next; next = slowestOf(readings)) {
      if (signal.aborted) return undefined
      rows += await next.readOn()
      onProgress(rows)
      if (windows.reduce((held, one) => held + one.held, 0) > mostHeld) foldPassed(windows, readings)
    }
  } finally {
    for (const reading of readings) await reading.close()
  }
  for (const part of [...chains, ...windows]) part.end()
  return audit
}

/** The offsets at which jobs began, each behind the one before. */
function begunIn(results: readonly Result[], topic: string): number[][] {
  const begun = new Map<string, number[]>()
  for (const { source } of results)
    for (const range of source) if ('since' in range) begun.set(range.since.join(), range.since)
  const inOrder = [...begun.values()].sort((a, b) => sum(a) - sum(b))
  for (const [i, since] of inOrder.slice(1).entries()) {
    const isBehind = inOrder[i].every((offset, partition) => offset <= (since[partition] ?? 0))
    if (isBehind) continue
    throw new ExpectedError(
      `Spark jobs of the group began at offsets ${inOrder[i].join()} of ${topic} and at ${since.join()}, neither behind the other`,
      ['they count rows twice: only the results of one of them can be right'],
    )
  }
  return inOrder
}

function chainsOf(audit: JobAudit, { raw, settings }: RecomputeOptions, results: readonly Result[]): BatchChain[] {
  const empty = emptyResult(settings.run)
  const rows = results.filter((result) => sparkPartOf(result) === 'rows')
  return raw.offsets.map(({ start, end }, partition) => {
    const sent = rows.filter(({ source: [range] }) => 'partition' in range && range.partition === partition)
    const chain = new BatchChain(audit, { partition, sent, start, empty })
    if (chain.to > end) throw notYetWritten(raw.name, partition, chain.to - 1, end)
    return chain
  })
}

/** Each partition is read from where the first job began: its first result tells where no window of that job has closed. */
function openReadings(
  { log, raw, settings: { run } }: RecomputeOptions,
  audit: JobAudit,
  chains: readonly BatchChain[],
  jobs: readonly { since: readonly number[]; windows: JobWindows }[],
): Promise<PartitionReading[]> {
  const map = createChamberMap(run)
  return Promise.all(
    raw.offsets.map(async ({ start, end }, partition) => {
      const chain = chains[partition]
      const own = jobs.map(({ since, windows }) => ({ since: since[partition] ?? 0, windows }))
      const begun = [own[0]?.since, chain.from].filter((offset) => offset !== undefined)
      const from = begun.length > 0 ? Math.max(start, Math.min(...begun)) : start
      const reader = await log.reader(raw.name, partition, from)
      const place = { topic: raw.name, partition, reader, from, to: end }
      return new PartitionReading({ ...place, run, map, audit, chain, jobs: own })
    }),
  )
}

/** The one to read on: of the first job, and there at the lowest orbit. */
function slowestOf(readings: readonly PartitionReading[]): PartitionReading | undefined {
  return readings
    .filter(({ isAtEnd }) => !isAtEnd)
    .reduce<PartitionReading | undefined>(
      (slowest, one) => (slowest && (slowest.job - one.job || slowest.orbit - one.orbit) <= 0 ? slowest : one),
      undefined,
    )
}

/** Computes the windows that no partition has more rows of, as far as its orbits ascend. */
function foldPassed(windows: readonly JobWindows[], readings: readonly PartitionReading[]): void {
  const slowest = slowestOf(readings)
  for (const [job, one] of windows.entries()) {
    if (!slowest || job < slowest.job) one.foldUpTo(Number.POSITIVE_INFINITY)
    else if (job === slowest.job) one.foldUpTo(slowest.orbit)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

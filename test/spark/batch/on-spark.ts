import { expect } from 'vitest'
import { compareCounts } from '../../../src/core/results/compare.js'
import type { Result } from '../../../src/core/results/result.js'
import { ResultSum } from '../../../src/core/results/result-sum.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { analyse, type BatchOptions } from '../../../src/process/batch-analysis.js'
import { openSources } from '../../../src/sources/registry.js'
import { analyseOnSpark, type SparkBatchOptions } from '../../../src/spark/batch/analyse-on-spark.js'
import type { SparkSession } from '../../../src/spark/connect/session.js'
import { GRACE } from '../../support/lane.js'
import { noLog } from '../../support/no-log.js'

const COMMON = { run: DEFAULT_RUN, geometry: 'default', grace: GRACE, orbitDetail: true, worker: 'batch/1/0' }
type Common = Partial<Pick<BatchOptions, keyof typeof COMMON | 'intervalMs' | 'strict' | 'signal'>>

/** The batch analysis by Spark: what it sends, and the number of records. */
export async function analysedOnSpark(
  session: SparkSession,
  uris: readonly string[],
  changes: Common & Partial<SparkBatchOptions> = {},
) {
  const results: Result[] = []
  let wallMs = Date.UTC(2024, 0, 1)
  const read = await analyseOnSpark(session, {
    ...{ ...COMMON, uris, s3: {}, intervalMs: undefined, strict: false, signal: new AbortController().signal },
    wallNow: () => wallMs++,
    onResult: async (result) => {
      results.push(result)
    },
    onStep: () => undefined,
    ...changes,
  })
  expect(results.map(({ msg_ID }) => msg_ID)).toEqual(results.map((_, i) => i))
  expect(results.reduce((sum, { rows }) => sum + rows.read, 0)).toBe(read)
  return { results, read }
}

/** The core's, without Spark. */
export async function analysedByCore(uris: readonly string[], changes: Common = {}): Promise<Result[]> {
  const results: Result[] = []
  let wallMs = Date.UTC(2024, 0, 1)
  const run = changes.run ?? DEFAULT_RUN
  await analyse({
    ...{ ...COMMON, intervalMs: undefined, strict: false, signal: new AbortController().signal },
    parts: await openSources([...uris], { run, log: noLog }),
    wallNow: () => wallMs++,
    onResult: async (result) => {
      results.push(result)
    },
    onMalformed: () => undefined,
    onProgress: () => undefined,
    ...changes,
  })
  return results
}

/** The sum of results, none of which repeats another. */
export function added(results: readonly Result[]): Result {
  const sum = new ResultSum()
  for (const result of results) expect(sum.add(result)).toBe('added')
  expect(sum.gaps()).toEqual([])
  return sum.toResult('test') as Result
}

/** One result of each, with the same counts and labels. */
export async function expectEqual(session: SparkSession, uris: readonly string[], changes: Common = {}) {
  const [expected] = await analysedByCore(uris, changes)
  const { results } = await analysedOnSpark(session, uris, changes)
  expect(results).toHaveLength(1)
  const [found] = results
  expect(compareCounts(expected, found)).toEqual([])
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  expect(labelsOf(found)).toEqual(labelsOf(expected))
  return found
}

/** All but counts, and but the watermark: where rows are far apart the core's time ends some orbits before the last. */
function labelsOf({ schema, msg_ID, worker, interval, source, orbits, geometry, ...counts }: Result) {
  const ranges = source.map(({ watermark: _, ...range }) => range)
  const bins = Object.values(counts.drift_time_chamber).map(({ low, width, bins, bin_edges }) => [
    ...[low, width, bins],
    ...bin_edges,
  ])
  return { schema, msg_ID, worker, interval, ranges, orbits, geometry, bins }
}

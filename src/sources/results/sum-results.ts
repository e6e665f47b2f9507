import type { Gap } from '../../core/results/chains.js'
import type { Result } from '../../core/results/result.js'
import { ResultSum } from '../../core/results/result-sum.js'
import { ExpectedError } from '../../errors.js'
import { readResults } from './read-results.js'
import type { ResultsContext } from './results-source.js'

export interface SumOptions {
  /** keep the list of active channels orbit by orbit, where every result has it */
  orbitDetail: boolean
  /** who the sum is from */
  worker: string
  /** ends the reading; there is no sum then */
  signal: AbortSignal
}

export interface SummedResults {
  result: Result
  /** results that are in it, and those left out because they repeat rows that are */
  added: number
  repeated: number
  /** holes in the chains of the sources' ranges */
  gaps: Gap[]
  /** hits that Spark jobs have read and no window counts; undefined without such a job */
  hitsInNoWindow: number | undefined
}

/**
 * Reads the results of all sources and adds them into one; undefined where the signal ended it.
 * @throws ExpectedError where there is no result at all, or results are of different geometry, or count the same in two ways
 */
export async function sumResults(
  uris: readonly string[],
  context: ResultsContext,
  { orbitDetail, worker, signal }: SumOptions,
): Promise<SummedResults | undefined> {
  const sum = new ResultSum({ orbitDetail })
  for await (const result of readResults(uris, context)) {
    if (signal.aborted) return undefined
    sum.add(result)
  }
  const result = sum.toResult(worker)
  if (!result) {
    throw new ExpectedError(`there are no results in ${uris.join(', ')}`, [
      'dtstream process writes results; name another topic, or files of results, with --from',
    ])
  }
  const { added, repeated, hitsInNoWindow } = sum
  return { result, added, repeated, gaps: sum.gaps(), hitsInNoWindow }
}

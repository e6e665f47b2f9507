import type { Result } from '../core/results/result.js'
import { ExpectedError } from '../errors.js'
import type { ResultsContext } from '../sources/results/results-source.js'
import { sumResults } from '../sources/results/sum-results.js'

/**
 * The results of a file, folder, bucket or topic, added into the one that others are compared with.
 * @throws ExpectedError where there is none, or something there is no result
 */
export async function readReference(uri: string, context: Omit<ResultsContext, 'onForeign'>): Promise<Result> {
  const onForeign: ResultsContext['onForeign'] = ({ where, reason }) => {
    throw new ExpectedError(`the reference ${where} is no result: ${reason}`, ['dtstream merge --to FILE makes one'])
  }
  const sum = await sumResults(
    [uri],
    { ...context, onForeign },
    { orbitDetail: false, worker: 'reference', signal: never },
  )
  if (!sum) throw new Error('reading a reference is never interrupted')
  return sum.result
}

const never = new AbortController().signal

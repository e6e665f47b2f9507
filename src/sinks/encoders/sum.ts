import { emptyResult } from '../../core/results/empty-result.js'
import type { Result } from '../../core/results/result.js'
import { ResultSum } from '../../core/results/result-sum.js'
import { geometryDigest, otherGeometry } from '../../core/run-file/geometry-digest.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { Encoder } from './encoder.js'

/**
 * Results as one text about their sum, which is held until then.
 * @param write the text of a sum
 */
export function createSumEncoder(write: (sum: Result, run: RunFile) => string, run: RunFile): Encoder {
  const sum = new ResultSum({ orbitDetail: false })
  const geometry = geometryDigest(run)
  return {
    add(result) {
      if (result.geometry !== geometry) throw otherGeometry(result.geometry, run)
      sum.add(result)
      return []
    },
    finish: async () => [Buffer.from(write(sum.toResult('sum') ?? emptyResult(run), run))],
  }
}

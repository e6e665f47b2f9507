import type { HitsSink } from '../sinks/hits/hits-sink.js'
import { abortAll, closeAll, writeAll } from '../sinks/several.js'
import type { Sink } from '../sinks/sink.js'
import type { PartBlock } from '../sources/read-parts.js'
import { analyse, type BatchOptions } from './batch-analysis.js'
import { addCounted, type Counted, NOTHING_COUNTED } from './lane-counts.js'

export interface ProcessFilesOptions extends Omit<BatchOptions, 'onResult' | 'onProgress' | 'hits'> {
  /** are closed at the end, and given up where the run fails; `hits` likewise */
  sinks: readonly Sink[]
  hits: HitsSink | undefined
  /** told after every block: what was counted so far, and how far the part has been read */
  onProgress(counted: Counted, block: PartBlock): void
}

/**
 * The batch analysis of files, its results to sinks, until all is read or the signal aborts.
 * @throws ExpectedError as `analyse`, and where a sink cannot be written to
 */
export async function processFiles({ sinks, hits, ...options }: ProcessFilesOptions): Promise<Counted> {
  let counted = NOTHING_COUNTED
  const onResult: BatchOptions['onResult'] = async (result) => {
    await writeAll(sinks, result)
    const { late, malformed } = result.rows
    counted = addCounted(counted, { read: 0, late, malformed, results: 1, sent: result.rows })
  }
  try {
    const read = await analyse({
      ...options,
      hits,
      onResult,
      onProgress: (read, block) => options.onProgress({ ...counted, read }, block),
    })
    await hits?.close()
    await closeAll(sinks)
    return { ...counted, read }
  } finally {
    // what was closed stays
    await hits?.abort()
    await abortAll(sinks)
  }
}

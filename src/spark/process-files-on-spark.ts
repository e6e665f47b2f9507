import { join } from 'node:path'
import { addCounted, type Counted, NOTHING_COUNTED } from '../process/lane-counts.js'
import { abortAll, closeAll, writeAll } from '../sinks/several.js'
import type { Sink } from '../sinks/sink.js'
import { analyseOnSpark, type SparkBatchOptions } from './batch/analyse-on-spark.js'
import { jobsFolder } from './jobs/jobs-folder.js'
import { type OpenedSpark, openSpark, type SparkPlace } from './jobs/spark-place.js'

export interface SparkFilesOptions extends Omit<SparkBatchOptions, 'onResult'> {
  place: SparkPlace
  /** are closed at the end, and given up where the run fails */
  sinks: readonly Sink[]
}

/** Folder of the log of a server that is started for batch analyses; no group is called so. */
const LOG_FOLDER = '.batch'

/**
 * The batch analysis of files by Spark, its results to sinks.
 * @throws ExpectedError as `analyseOnSpark`, where Spark is not to be had, and where a sink cannot be written to
 */
export async function processFilesOnSpark({ place, sinks, ...options }: SparkFilesOptions): Promise<Counted> {
  let counted = NOTHING_COUNTED
  let spark: OpenedSpark | undefined
  try {
    options.onStep('starting Spark')
    spark = await openSpark(place, join(jobsFolder(), LOG_FOLDER), options.signal)
    const read = await analyseOnSpark(spark.session, {
      ...options,
      async onResult(result) {
        await writeAll(sinks, result)
        const { late, malformed } = result.rows
        counted = addCounted(counted, { read: 0, late, malformed, results: 1, sent: result.rows })
      },
    })
    await closeAll(sinks)
    return { ...counted, read }
  } finally {
    // what was closed stays
    await abortAll(sinks)
    await spark?.close()
  }
}

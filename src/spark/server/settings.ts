import { availableParallelism } from 'node:os'
import { EXIT, ExpectedError } from '../../errors.js'

/** What a user may say about how Spark works; what is left out is as Spark has it. */
export interface SparkTunables {
  executorInstances?: number
  /** of each executor */
  executorCores?: number
  /** into how many parts rows are shuffled for joins, and state is kept; fixed with a checkpoint */
  shufflePartitions?: number | undefined
  /** between the JVM and Python: without effect on what is SQL, as all of ours is */
  arrow?: boolean
  /** further ones as KEY=VALUE */
  conf?: readonly string[]
}

export type SparkConf = Record<string, string>

const SHUFFLE = 'spark.sql.shuffle.partitions'
const ARROW = 'spark.sql.execution.arrow.pyspark.enabled'
const INSTANCES = 'spark.executor.instances'
const CORES = 'spark.executor.cores'
const MOST_CORES = 'spark.cores.max'
/** Conf that has an option of its own, or is decided by how the server is started. */
const RESERVED =
  /^spark\.(master|app\.name|submit\..*|executor\.(instances|cores)|cores\.max|connect\.(grpc\.binding|authenticate)\..*)$/
/** What can be set while a server runs. */
const OF_SESSION = /^spark\.sql\./

/**
 * Conf for a server of ours.
 * @param ofJob keys that the job sets itself
 * @throws ExpectedError (exit code 2) where something cannot be, or is not the user's to set
 */
export function serverConf(tunables: SparkTunables, master: string, ofJob: readonly string[] = []): SparkConf {
  const { executorInstances: instances, executorCores: cores } = tunables
  if (master.startsWith('local') && (instances !== undefined || cores !== undefined))
    throw refused(`the master ${master} has no executors to count`, [
      'leave instances and cores of executors out, or name a cluster: --spark-master spark://HOST:7077',
    ])
  const shufflePartitions = tunables.shufflePartitions ?? coresOf(master, tunables)
  return {
    ...executorConf(instances, cores),
    ...sqlConf({ ...tunables, shufflePartitions }),
    ...furtherConf(tunables, ofJob),
  }
}

/** Where it can be known: a part of the open orbits for each, since every micro-batch has work for each part. */
function coresOf(master: string, { executorInstances, executorCores = 1 }: SparkTunables): number | undefined {
  const [, threads] = /^local\[(\d+|\*)/.exec(master) ?? []
  if (threads !== undefined) return threads === '*' ? availableParallelism() : Number(threads)
  if (master === 'local') return 1
  return executorInstances === undefined ? undefined : executorInstances * executorCores
}

/**
 * Conf for a session of a server that runs already: only what Spark lets sessions set.
 * @throws ExpectedError as serverConf
 */
export function sessionConf(tunables: SparkTunables, ofJob: readonly string[] = []): SparkConf {
  if (tunables.executorInstances !== undefined || tunables.executorCores !== undefined)
    throw fixed('instances and cores of executors')
  const further = furtherConf(tunables, ofJob)
  const refusedKey = Object.keys(further).find((key) => !OF_SESSION.test(key))
  if (refusedKey !== undefined) throw fixed(refusedKey)
  return { ...sqlConf(tunables), ...further }
}

/** Standalone masters count cores, others instances. */
function executorConf(instances: number | undefined, cores: number | undefined): SparkConf {
  if (instances === undefined) return cores === undefined ? {} : { [CORES]: String(cores) }
  const each = cores ?? 1
  return { [INSTANCES]: String(instances), [CORES]: String(each), [MOST_CORES]: String(instances * each) }
}

function sqlConf({ shufflePartitions, arrow }: Pick<SparkTunables, 'shufflePartitions' | 'arrow'>): SparkConf {
  return {
    ...(shufflePartitions === undefined ? {} : { [SHUFFLE]: String(shufflePartitions) }),
    ...(arrow === undefined ? {} : { [ARROW]: String(arrow) }),
  }
}

function furtherConf({ conf = [] }: SparkTunables, ofJob: readonly string[]): SparkConf {
  const pairs: SparkConf = {}
  for (const pair of conf) {
    const [, key, value] = /^(spark\.[\w.-]+)=(.*)$/s.exec(pair) ?? []
    // the value may be a secret
    if (key === undefined)
      throw refused(`conf of Spark is spark.KEY=VALUE, not '${pair.split('=')[0]}'`, [
        'as spark.sql.streaming.minBatchesToRetain=10',
      ])
    if (RESERVED.test(key) || key === SHUFFLE || key === ARROW || ofJob.includes(key))
      throw refused(`${key} is not set as further conf`, [
        'it has an option of its own, or dtstream depends on the value that it gives it',
      ])
    if (Object.hasOwn(pairs, key)) throw refused(`${key} is set twice`, [])
    pairs[key] = value
  }
  return pairs
}

function fixed(what: string): ExpectedError {
  return refused(`${what} cannot be set on a server that runs already: Spark fixes it when the server starts`, [
    'set it where the server is started, or let dtstream start one: --spark-home DIR',
  ])
}

function refused(sentence: string, suggestions: string[]): ExpectedError {
  return new ExpectedError(sentence, suggestions, EXIT.usage)
}

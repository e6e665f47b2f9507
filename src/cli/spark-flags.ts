import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import type { Endpoint } from '../spark/connect/endpoint.js'
import type { SparkPlace } from '../spark/jobs/spark-place.js'
import type { SparkTunables } from '../spark/server/settings.js'
import type { Origin } from './config/origin.js'
import { countFlag } from './flags.js'

const GROUP = { helpGroup: 'SPARK' }
const DEFAULT_BATCH_ROWS = 200_000

/** Which Spark works, and how. */
export const sparkFlags = {
  'spark-remote': Flags.string({
    ...GROUP,
    helpValue: 'sc://HOST:PORT',
    description: 'Spark Connect server of a cluster [env: SPARK_REMOTE, with a token too]',
    exclusive: ['spark-home', 'spark-master'],
  }),
  'spark-home': Flags.string({
    ...GROUP,
    helpValue: 'DIR',
    description: 'Spark of this machine, from which a server is started for the job [env: SPARK_HOME]',
  }),
  'spark-master': Flags.string({
    ...GROUP,
    helpValue: 'MASTER',
    description: 'where that server has its executors: local[*] (the default), spark://HOST:PORT, yarn, k8s://...',
  }),
  'spark-executor-instances': countFlag({ ...GROUP, min: 1, description: 'executors' }),
  'spark-executor-cores': countFlag({ ...GROUP, min: 1, description: 'cores of each executor' }),
  'spark-shuffle-partitions': countFlag({
    ...GROUP,
    min: 1,
    description: "parts into which rows are shuffled and open orbits kept; a job's checkpoint keeps it",
  }),
  'spark-arrow': Flags.boolean({
    ...GROUP,
    allowNo: true,
    description: 'Arrow between the JVM and Python, as the original varied it; without effect here, where all is SQL',
  }),
  'spark-conf': Flags.string({
    ...GROUP,
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    description: 'further conf of Spark, as spark.executor.memory=4g; no secrets: others can read arguments',
  }),
  'spark-batch-rows': countFlag({
    ...GROUP,
    min: 1,
    default: DEFAULT_BATCH_ROWS,
    description: 'rows that a micro-batch takes at most, about',
  }),
  checkpoint: Flags.string({
    ...GROUP,
    helpValue: 'URI',
    description: 'folder that every executor sees, where the job goes on from; without it one on this machine',
  }),
  detach: Flags.boolean({ ...GROUP, description: 'start the job and let it go on: see dtstream jobs' }),
}

type SparkFlag = keyof typeof sparkFlags

export interface SparkFlagValues {
  'spark-remote'?: string | undefined
  'spark-home'?: string | undefined
  'spark-master'?: string | undefined
  'spark-executor-instances'?: number | undefined
  'spark-executor-cores'?: number | undefined
  'spark-shuffle-partitions'?: number | undefined
  'spark-arrow'?: boolean | undefined
  'spark-conf'?: string[] | undefined
}

type Reasons = Readonly<Record<string, string>>

/** Flags of `process` that mean nothing on Spark, and why; of a topic and of files alone below. */
const NOT_ON_SPARK: Reasons = {
  workers: 'Spark shares the work out among its executors',
  idle: 'Spark closes windows by later rows and end marks alone',
  'hits-to': 'hits are recorded by process without --engine spark',
  metrics: 'Spark has metrics of its own',
}
const NOT_OF_TOPICS: Reasons = { strict: 'a job counts what cannot be read, and passes it over' }
const NOT_OF_FILES: Reasons = {
  detach: 'a batch analysis ends by itself',
  checkpoint: 'a batch analysis is done in one go',
  'spark-batch-rows': 'a batch analysis is done in one go',
}

/**
 * Refuses flags that mean nothing with the engine that was asked for.
 * @throws ExpectedError (exit code 2)
 */
export function checkEngineFlags(
  { engine, isTopic }: { engine: 'node' | 'spark'; isTopic: boolean },
  originOf: (flag: string) => Origin,
): void {
  const isGiven = (flag: string) => originOf(flag).kind === 'flag'
  if (engine === 'spark') {
    const reasons = { ...NOT_ON_SPARK, ...(isTopic ? NOT_OF_TOPICS : NOT_OF_FILES) }
    const [flag, why] = Object.entries(reasons).find(([name]) => isGiven(name)) ?? []
    if (flag) throw usage(`--${flag} cannot be with --engine spark here: ${why}`, `leave --${flag} out`)
    return
  }
  const flag = (Object.keys(sparkFlags) as SparkFlag[]).find(isGiven)
  if (flag) throw usage(`--${flag} is for Spark`, 'with --engine spark')
}

/**
 * Which Spark is meant: by flags, else by the environment, where many have a SPARK_HOME whatever they use.
 * @throws ExpectedError (exit code 2) where none is named, or what is set cannot be set there
 */
export async function sparkPlaceOf(flags: SparkFlagValues, env = process.env): Promise<SparkPlace> {
  const [{ parseEndpoint }, { serverConf, sessionConf }, { KEYS_OF_JOB }] = await Promise.all([
    import('../spark/connect/endpoint.js'),
    import('../spark/server/settings.js'),
    import('../spark/jobs/spark-place.js'),
  ])
  const { 'spark-remote': remote, 'spark-home': home, 'spark-master': master } = flags
  const tunables = tunablesOf(flags)
  const ofRemote = (endpoint: Endpoint): SparkPlace => {
    return { kind: 'remote', endpoint, conf: sessionConf(tunables, KEYS_OF_JOB) }
  }
  if (remote !== undefined) return ofRemote(parseEndpoint(remote, 'argument', env))
  if (home === undefined && master === undefined && env.SPARK_REMOTE)
    return ofRemote(parseEndpoint(env.SPARK_REMOTE, 'environment', env))
  const folder = home ?? env.SPARK_HOME
  if (!folder)
    throw usage(
      'it is not said which Spark to use',
      '--spark-remote sc://HOST:PORT for a cluster that has a Connect server',
      '--spark-home DIR for a Spark of this machine (pip install pyspark==4.0.0 has one)',
    )
  const place = master ?? 'local[*]'
  return { kind: 'home', folder, master: place, conf: serverConf(tunables, place, KEYS_OF_JOB) }
}

function tunablesOf(flags: SparkFlagValues): SparkTunables {
  const {
    'spark-executor-instances': executorInstances,
    'spark-executor-cores': executorCores,
    'spark-shuffle-partitions': shufflePartitions,
    'spark-arrow': arrow,
    'spark-conf': conf,
  } = flags
  return {
    ...(executorInstances === undefined ? {} : { executorInstances }),
    ...(executorCores === undefined ? {} : { executorCores }),
    ...(shufflePartitions === undefined ? {} : { shufflePartitions }),
    ...(arrow === undefined ? {} : { arrow }),
    ...(conf === undefined ? {} : { conf }),
  }
}

function usage(sentence: string, ...suggestions: string[]): ExpectedError {
  return new ExpectedError(sentence, suggestions, EXIT.usage)
}

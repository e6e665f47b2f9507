import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Result } from '../../src/core/results/result.js'
import { openKafkaLog } from '../../src/log/kafka/kafka-log.js'
import { SparkSession } from '../../src/spark/connect/session.js'
import { LocalKafka } from '../../test/kafka/support/local-kafka.js'
import { LocalSpark } from '../../test/spark/support/local-spark.js'
import { median } from '../lib/statistics.js'
import { inFolder, processCommand, type Work } from './engines.js'
import { JobReports } from './job-reports.js'
import type { TunablesPoint, TunablesRecord } from './tunables-record.js'
import { tunablesSvg } from './tunables-svg.js'
import { until } from './until.js'
import { watchCommand } from './watched-command.js'

/** What the original varied, on a standalone cluster of this machine; draws docs/spark-tunables.svg, the figures beside it. */
const { values } = parseArgs({
  options: {
    executors: { type: 'string', default: '1x1,2x1,1x2,2x2' },
    'shuffle-partitions': { type: 'string', default: '1,2,4,8,20,200' },
    'batch-rows': { type: 'string', default: '50000' },
    batches: { type: 'string', default: '3' },
    to: { type: 'string', default: 'docs/spark-tunables' },
  },
})
/** Batches of a job before it is warm. */
const COLD = 2
const TOPIC = 'rows'

interface Executors {
  instances: number
  /** of each */
  cores: number
}

const executors = values.executors.split(',').map((one) => {
  const [instances, cores] = one.split('x').map(Number)
  return { instances, cores }
})
const partitions = values['shuffle-partitions'].split(',').map(Number)
const batchRows = Number(values['batch-rows'])
const batches = Number(values.batches)
// one micro-batch more than are looked at, so that all of those are whole
const rows = batchRows * (COLD + batches + 1)

const kafka = await LocalKafka.start()
const { bootstrap } = kafka
const log = await openKafkaLog({ brokers: bootstrap.split(','), clientId: 'bench' }, { onNotice: console.error })
const points: TunablesPoint[] = []
let spark = ''
try {
  const source = [`sim:?rows=${rows}`, '--to', `topic:${TOPIC}`, '--bootstrap-server', bootstrap]
  execFileSync(process.execPath, ['bin/run.js', 'replay', ...source, '--rate', 'max', '--no-progress'])
  for (const of of executors) await vary(of)
  await withoutArrow(executors[executors.length - 1])
} finally {
  await log.close()
  await kafka.stop()
}
const date = new Date().toISOString().slice(0, 10)
const record: TunablesRecord = { date, machineCores: availableParallelism(), spark, batchRows, points }
writeFileSync(`${values.to}.json`, `${JSON.stringify(record, null, 2)}\n`)
writeFileSync(`${values.to}.svg`, tunablesSvg(record))

/** All numbers of partitions on one cluster. */
function vary(of: Executors): Promise<void> {
  return onCluster(of, async (cluster) => {
    for (const shufflePartitions of partitions) await measure(cluster, of, shufflePartitions, true)
  })
}

/** As many partitions as there are cores. */
function withoutArrow(of: Executors): Promise<void> {
  return onCluster(of, (cluster) => measure(cluster, of, of.instances * of.cores, false))
}

async function onCluster({ instances, cores }: Executors, work: (cluster: LocalSpark) => Promise<void>): Promise<void> {
  const conf = {
    'spark.executor.instances': `${instances}`,
    'spark.executor.cores': `${cores}`,
    'spark.cores.max': `${instances * cores}`,
  }
  const cluster = await LocalSpark.start({ cluster: { workers: instances, cores }, conf })
  try {
    spark = await versionOf(cluster)
    await timesOf(cluster, instances * cores, true) // the JVMs are new
    await work(cluster)
  } finally {
    await cluster.stop()
  }
}

async function measure(
  cluster: LocalSpark,
  { instances, cores }: Executors,
  shufflePartitions: number,
  arrow: boolean,
): Promise<void> {
  const medianMs = median(await timesOf(cluster, shufflePartitions, arrow))
  const point = { executors: instances, cores, shufflePartitions, arrow, medianMs, batches }
  process.stderr.write(`${JSON.stringify(point)}\n`)
  points.push(point)
}

/** Ms of each warm micro-batch of a new job. */
async function timesOf(cluster: LocalSpark, shufflePartitions: number, arrow: boolean): Promise<number[]> {
  const resultsTo = `results_${cluster.serverPid}_${shufflePartitions}_${arrow}_${Date.now()}`
  const work: Work = { log, bootstrap, topic: TOPIC, resultsTo, rows }
  const tunables = [
    '--spark-shuffle-partitions',
    String(shufflePartitions),
    arrow ? '--spark-arrow' : '--no-spark-arrow',
  ]
  return inFolder(async (folder) => {
    const reports = new JobReports(folder, resultsTo)
    await watchCommand<Result>({
      ...{ log, resultsTo },
      command: [...processCommand(work), '--engine', 'spark', ...tunables, '--spark-batch-rows', String(batchRows)],
      env: { XDG_DATA_HOME: folder, SPARK_REMOTE: cluster.remote },
      untilDone: async () => {
        await until(() => reports.batches.length >= COLD + batches)
        await reports.close()
      },
    })
    return reports.batches.slice(COLD, COLD + batches).map(({ durationMs }) => durationMs.triggerExecution)
  })
}

async function versionOf({ endpoint }: LocalSpark): Promise<string> {
  const session = new SparkSession(endpoint)
  const version = await session.version()
  await session.release()
  session.close()
  return version
}

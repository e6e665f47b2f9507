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
const executors = values.executors.split(',').map((one) => one.split('x').map(Number))
const partitions = values['shuffle-partitions'].split(',').map(Number)
const batchRows = Number(values['batch-rows'])
const batches = Number(values.batches)

const kafka = await LocalKafka.start()
const { bootstrap } = kafka
const log = await openKafkaLog({ brokers: bootstrap.split(','), clientId: 'bench' }, { onNotice: console.error })
const points: TunablesPoint[] = []
let spark = ''
try {
  const source = [
    `sim:?rows=${batchRows * (COLD + batches)}`,
    '--to',
    `topic:${TOPIC}`,
    '--bootstrap-server',
    bootstrap,
  ]
  execFileSync(process.execPath, ['bin/run.js', 'replay', ...source, '--rate', 'max', '--no-progress'])
  for (const [instances, cores] of executors) await vary(instances, cores)
} finally {
  await log.close()
  await kafka.stop()
}
const date = new Date().toISOString().slice(0, 10)
const record: TunablesRecord = { date, machineCores: availableParallelism(), spark, batchRows, points }
writeFileSync(`${values.to}.json`, `${JSON.stringify(record, null, 2)}\n`)
writeFileSync(`${values.to}.svg`, tunablesSvg(record))

/** All numbers of partitions on one cluster; and without Arrow as many as there are cores, on the last. */
async function vary(instances: number, cores: number): Promise<void> {
  const total = instances * cores
  const conf = {
    'spark.executor.instances': `${instances}`,
    'spark.executor.cores': `${cores}`,
    'spark.cores.max': `${total}`,
  }
  const cluster = await LocalSpark.start({ cluster: { workers: instances, cores }, conf })
  try {
    spark = await versionOf(cluster)
    await timesOf(cluster, total, true) // the JVMs are new
    const measure = async (shufflePartitions: number, arrow: boolean) => {
      const times = (await timesOf(cluster, shufflePartitions, arrow)).slice(COLD)
      const point = {
        executors: instances,
        cores,
        shufflePartitions,
        arrow,
        medianMs: median(times),
        batches: times.length,
      }
      process.stderr.write(`${JSON.stringify(point)}\n`)
      points.push(point)
    }
    for (const shufflePartitions of partitions) await measure(shufflePartitions, true)
    if (points.length === partitions.length * executors.length) await measure(total, false)
  } finally {
    await cluster.stop()
  }
}

/** Ms of each micro-batch of a new job. */
async function timesOf(cluster: LocalSpark, shufflePartitions: number, arrow: boolean): Promise<number[]> {
  const resultsTo = `results_${cluster.serverPid}_${shufflePartitions}_${arrow}_${Date.now()}`
  const work: Work = { log, bootstrap, topic: TOPIC, resultsTo, rows: batchRows * (COLD + batches) }
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
    return reports.batches.map(({ durationMs }) => durationMs.triggerExecution)
  })
}

async function versionOf({ endpoint }: LocalSpark): Promise<string> {
  const session = new SparkSession(endpoint)
  const version = await session.version()
  await session.release()
  session.close()
  return version
}

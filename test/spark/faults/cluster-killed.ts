import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../kafka/support/fault-report.js'
import type { Actor } from '../../kafka/support/kafka-cli.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { seeded } from '../../support/stream.js'
import { JobStage } from '../jobs/support/job-stage.js'
import { LocalSpark } from '../support/local-spark.js'

const LONGEST_LIFE_MS = 10_000

export const clusterKilled: Fault = {
  name: 'cluster-killed',
  what: 'a cluster whose executors, and whose Connect server, are killed (-9) in turn while rows flow',
  times: { short: 2, long: 10 },
  run: async ({ times, seed }) => {
    const [kafka, spark] = await Promise.all([LocalKafka.start(), LocalSpark.start({ cluster: true })])
    const stage = await JobStage.set({ kafka, spark, group: 'cluster', seed })
    const random = seeded(seed)
    try {
      const flow = stage.flow()
      const job = stage.process('--checkpoint', `file://${spark.folder}/checkpoint`)
      await stage.untilRows(1, job)
      for (let kill = 0; kill < times; kill++) {
        await sleep(random() * LONGEST_LIFE_MS)
        await (kill % 2 === 0 ? killExecutor : killServer)(stage, spark, job)
        await stage.untilRows(stage.results.rows + 1, job)
      }
      const records = await stage.endFlow(flow)
      await stage.untilAll(records, job)
      await job.interrupt()
      return await stage.report('cluster-killed', seed, { kills: times }, records)
    } finally {
      await stage.strike()
      await Promise.all([spark.stop(), kafka.stop()])
    }
  },
}

async function killExecutor(stage: JobStage, spark: LocalSpark, job: Actor): Promise<void> {
  const [victim] = spark.executorPids()
  process.kill(victim, 'SIGKILL')
  await stage.until(() => spark.executorPids().filter((pid) => pid !== victim).length === 2, job)
}

async function killServer(stage: JobStage, spark: LocalSpark, job: Actor): Promise<void> {
  const before = stage.entry?.session.serverSessionId
  spark.kill()
  await spark.restart()
  await stage.untilEntered(job, ({ session }) => session.serverSessionId !== before)
}

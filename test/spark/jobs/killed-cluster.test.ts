import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { LocalSpark } from '../support/local-spark.js'
import { JobStage } from './support/job-stage.js'

let spark: LocalSpark
let kafka: LocalKafka
let stage: JobStage
beforeAll(async () => {
  ;[spark, kafka] = await Promise.all([LocalSpark.start({ cluster: true }), LocalKafka.start()])
  stage = await JobStage.set({ kafka, spark, group: 'cluster' })
})
afterAll(async () => {
  await stage?.strike()
  await Promise.all([spark?.stop(), kafka?.stop()])
})

it('is exact on a cluster whose executor is killed, and then its Connect server', async () => {
  const flow = stage.flow()
  const job = stage.process('--checkpoint', `file://${spark.folder}/checkpoint`)
  await stage.untilRows(1, job)
  const [victim] = spark.executorPids()
  process.kill(victim, 'SIGKILL')
  await stage.until(() => spark.executorPids().filter((pid) => pid !== victim).length === 2, job)
  await stage.untilRows(stage.results.rows + 1, job)

  const before = stage.entry?.session.serverSessionId
  spark.kill()
  await stage.until(() => job.said.includes('looking for the job again'), job)
  await spark.restart()
  await stage.untilEntered(job, ({ session }) => session.serverSessionId !== before)
  await stage.untilRows(stage.results.rows + 1, job)

  const records = await stage.endFlow(flow)
  await stage.untilAll(records, job)
  await job.interrupt()
  expect(job.said).toContain('the job was started again from its checkpoint')
  expect(await stage.wrong(records)).toEqual([])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { entriesOfSource } from '../../support/replayed.js'
import { pidsOf } from '../support/running-programs.js'
import { JobStage } from './support/job-stage.js'

let kafka: LocalKafka
let stage: JobStage
beforeAll(async () => {
  kafka = await LocalKafka.start({ security: 'sasl_ssl' })
  stage = await JobStage.set({ kafka, group: 'secure', user: 'worker' })
})
afterAll(async () => {
  await stage?.strike()
  await kafka?.stop()
})

it('is exact with brokers that want TLS and SCRAM, and leaves the password nowhere', async () => {
  const source = 'sim:?seed=6&rows=3000'
  await stage.replay(source, '--rate', 'max').succeed()
  const records = await entriesOfSource([source])
  const job = stage.process()
  await stage.untilAll(records, job)
  const password = kafka.users.worker
  expect(pidsOf('SparkConnectServer', password)).toEqual([])
  const listed = await stage.cli.run('jobs', 'list', '--json')
  const entry = JSON.stringify(stage.entry)
  const log = readFileSync(join(stage.data, 'dtstream', 'spark', 'secure', 'spark.log'), 'utf8')
  await job.interrupt()
  expect(await stage.wrong(records)).toEqual([])
  for (const text of [listed.stdout, listed.stderr, entry, log, stage.said]) {
    expect(text).not.toContain(password)
    expect(text).not.toContain('PRIVATE KEY')
  }
})

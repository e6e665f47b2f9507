import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { JobStage } from './support/job-stage.js'

const FOLLOWED = /batch \d+: /

let kafka: LocalKafka
let stage: JobStage
beforeAll(async () => {
  kafka = await LocalKafka.start()
  stage = await JobStage.set({ kafka, group: 'left' })
})
afterAll(async () => {
  await stage?.strike()
  await kafka?.stop()
})

it('a job is stopped by Ctrl-C, started again from its checkpoint, left to itself, listed, attached to and stopped', async () => {
  const flow = stage.flow()
  const first = stage.process()
  await stage.untilRows(1, first)
  await first.interrupt()
  expect(stage.serverPids()).toEqual([])
  expect(stage.entry).toBeUndefined()

  await stage.process('--detach').succeed()
  await stage.untilRows(stage.results.rows + 1)
  expect(await stage.listed()).toMatchObject({ state: 'running', topic: stage.raw, resultsTo: stage.clean })
  const second = await stage.process().ended
  expect(second.stderr).toContain('the job left is running already')
  expect(second.code).toBe(1)

  const attached = stage.jobs('attach')
  await stage.until(() => FOLLOWED.test(attached.said), attached)
  await attached.interrupt()
  await stage.untilRows(stage.results.rows + 1)

  // who follows it is told when another stops it, and does not start it again
  const other = stage.jobs('attach')
  await stage.until(() => FOLLOWED.test(other.said), other)
  await stage.jobs('stop').succeed()
  const { code, stderr } = await other.ended
  expect(stderr).toMatch(/the job left was stopped/)
  expect(code).toBe(1)
  expect(stage.serverPids()).toEqual([])
  expect(await stage.listed()).toBeUndefined()

  const records = await stage.endFlow(flow)
  const last = stage.process()
  await stage.untilAll(records, last)
  await last.interrupt()
  expect(await stage.wrong(records)).toEqual([])
})

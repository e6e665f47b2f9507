import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { JobStage } from './support/job-stage.js'

let kafka: LocalKafka
beforeAll(async () => {
  kafka = await LocalKafka.start()
})
afterAll(() => kafka?.stop())

async function stageFor(group: string): Promise<JobStage> {
  const stage = await JobStage.set({ kafka, group })
  onTestFinished(() => stage.strike())
  return stage
}

it('goes on by itself when its server is killed, and after Ctrl-C from the checkpoint', async () => {
  const stage = await stageFor('alone')
  const flow = stage.flow()
  const job = stage.process()
  await stage.untilRows(1, job)
  const [killed] = stage.serverPids()
  process.kill(killed, 'SIGKILL')
  await stage.untilEntered(job, ({ server }) => server !== undefined && server.process.pid !== killed)
  await stage.untilRows(stage.results.rows + 1, job)
  expect(job.said).toContain('the job was started again from its checkpoint')

  await job.interrupt()
  expect(stage.serverPids()).toEqual([])
  expect(stage.entry).toBeUndefined()

  const records = await stage.endFlow(flow)
  const next = stage.process()
  await stage.untilAll(records, next)
  await next.interrupt()
  expect(await stage.wrong(records)).toEqual([])
})

it('goes on without dtstream, is listed, attached to, stopped, and started again from its checkpoint', async () => {
  const stage = await stageFor('left')
  const flow = stage.flow()
  const first = stage.process()
  await stage.untilRows(1, first)
  await first.kill()
  await stage.untilRows(stage.results.rows + 1)
  expect(await stage.listed()).toMatchObject({ state: 'running', topic: stage.raw, resultsTo: stage.clean })
  const second = await stage.process().ended
  expect(second.stderr).toContain('the job left is running already')
  expect(second.code).toBe(1)

  const attached = stage.jobs('attach')
  await stage.until(() => /[1-9]\S*(?: k)? messages, .*lag/.test(attached.said), attached)
  await attached.interrupt()
  await stage.untilRows(stage.results.rows + 1)

  // who follows it is told when somebody else stops it, and does not start it again
  const other = stage.jobs('attach')
  await stage.until(() => /messages, .*lag/.test(other.said), other)
  await stage.jobs('stop').succeed()
  const { code, stderr } = await other.ended
  expect(stderr).toContain('the job left was stopped')
  expect(code).toBe(1)
  expect(stage.serverPids()).toEqual([])
  expect(await stage.listed()).toBeUndefined()

  await stage.process('--detach').succeed()
  const records = await stage.endFlow(flow)
  await stage.untilAll(records)
  await stage.jobs('stop').succeed()
  expect(stage.serverPids()).toEqual([])
  expect(await stage.wrong(records)).toEqual([])
})

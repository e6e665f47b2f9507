import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../src/spark/server/free-port.js'
import type { Actor } from '../../kafka/support/kafka-cli.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { LocalSpark, testedSpark } from '../support/local-spark.js'
import { JobStage } from './support/job-stage.js'

let spark: LocalSpark
let kafka: LocalKafka
beforeAll(async () => {
  ;[spark, kafka] = await Promise.all([LocalSpark.start(), LocalKafka.start()])
})
afterAll(() => Promise.all([spark?.stop(), kafka?.stop()]))

async function stageFor(group: string, onOwnServer = false): Promise<JobStage> {
  const stage = await JobStage.set({ kafka, group, ...(onOwnServer ? {} : { spark }) })
  onTestFinished(() => stage.strike())
  return stage
}

async function refused(actor: Actor): Promise<{ code: number | null; words: string }> {
  const { code, stderr } = await actor.ended
  return { code, words: stderr.replaceAll(/\s+›?\s*/g, ' ') }
}

const ROWS = 'sim:?seed=5&rows=500'

describe('a job on Spark is refused', () => {
  it('without its topic', async () => {
    const stage = await stageFor('untopical')
    const args = stage.processArgs().map((arg) => arg.replace('_raw', '_row'))
    const { code, words } = await refused(stage.act(...args))
    expect(words).toMatch(/there is no topic .*untopical_row/i)
    expect(code).toBe(1)
  })

  it('where nothing is at the remote place', async () => {
    const stage = await stageFor('nowhere')
    const place = `127.0.0.1:${await freePort()}`
    const { code, words } = await refused(stage.process('--spark-remote', `sc://${place}`))
    expect(words).toContain(`no Spark Connect server answers at ${place}: nothing listens there`)
    expect(code).toBe(1)
  })

  it('where the Spark of this machine is none, or has no connector for Kafka', async () => {
    const stage = await stageFor('unconnected', true)
    await stage.replay(ROWS, '--rate', 'max').succeed()
    const args = stage.processArgs()
    const home = args.indexOf('--spark-home')
    const none = await refused(stage.act(...args.with(home + 1, stage.data)))
    expect(none).toEqual({ code: 2, words: expect.stringContaining(`there is no Spark in ${stage.data}`) })
    const bare = await refused(
      stage.act(
        ...args.slice(0, home),
        '--spark-home',
        testedSpark().folder,
        '--spark-conf',
        `spark.driver.extraJavaOptions=-Ddtstream.folder=${stage.data}`,
      ),
    )
    expect(bare.words).toMatch(/kafka.*--jars or --packages/i)
    expect(bare.code).toBe(1)
    expect(stage.serverPids()).toEqual([])
    expect(stage.entry).toBeUndefined()
  })

  it('where the topic has Arrow messages, with what to do', async () => {
    const stage = await stageFor('arrow')
    await stage.replay(ROWS, '--rate', 'max', '--format', 'arrow').succeed()
    const { code, words } = await refused(stage.process())
    expect(words).toMatch(/Arrow streams among the messages, .*replay --format lines/)
    expect(code).toBe(1)
    expect(stage.entry).toBeUndefined()
  })

  it('where its checkpoint is of another job; and goes on where it is not', async () => {
    const stage = await stageFor('changed')
    await stage.replay(ROWS, '--rate', 'max').succeed()
    const first = stage.process()
    await stage.untilRows(500, first)
    await first.interrupt()
    const run = join(stage.data, 'run.yaml')
    const { stdout } = await stage.act('run-file').succeed()
    await writeFile(run, stdout.replace('first_channel: 64', 'first_channel: 65'))
    for (const [args, difference] of [
      [['--grace', '4096'], 'the grace was 2048, not 4096'],
      [['--orbit-detail', 'none'], '--orbit-detail was another'],
      [['--run', run], "the run file's geometry was"],
    ] as const) {
      const { code, words } = await refused(stage.process(...args))
      expect(words).toContain('is of another job: ')
      expect(words).toContain(difference)
      expect(code).toBe(1)
    }
    const again = stage.process()
    await stage.untilEntered(again)
    await again.interrupt()
  })
})

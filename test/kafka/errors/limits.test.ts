import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cli } from '../../support/built-cli.js'
import { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'
import { expectRefusal, wideCli } from './refusal.js'

const AT_ONCE_MS = 25_000
const { TOPIC } = kafkajs.ConfigResourceTypes

let kafka: LocalKafka
let cli: Cli
let server: string[]
beforeAll(async () => {
  kafka = await LocalKafka.start()
  cli = wideCli()
  server = ['--bootstrap-server', kafka.bootstrap]
})
afterAll(async () => {
  cli?.dispose()
  await kafka?.stop()
})

const refuses = (args: string[], sentence: string | RegExp) =>
  expectRefusal(cli, [...args, ...server], { sentence, within: AT_ONCE_MS })

async function create(topic: string, settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await withAdmin(plainClient(kafka.bootstrap), (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] }),
  )
}

describe('what brokers do not take', () => {
  it('a row that is too large', async () => {
    await create('small', { 'max.message.bytes': '5000' })
    const file = join(cli.folder, 'long.txt')
    writeFileSync(file, `2,0,${'0'.repeat(9000)}1,100,10,5\n`)
    await refuses(
      ['replay', file, '--to', 'topic:small', '--rate', 'max', '--no-progress'],
      'the broker does not take messages as large as this one, to write to small',
    )
  })

  it('a result that is too large', async () => {
    await create('small_clean', { 'max.message.bytes': '800' })
    await cli.run('replay', 'sim:?rows=2000&seed=1', '--to', 'topic:rows', '--rate', 'max', ...server)
    await refuses(
      ['process', '--from', 'topic:rows', '--to', 'topic:small_clean', '--no-progress'],
      'the broker does not take messages as large as this one, to write to small_clean',
    )
  })

  it('more replicas than there are brokers', async () => {
    await refuses(
      ['topics', 'create', 'wide', '--replication-factor', '3'],
      'there are not as many brokers as replicas asked for, to create wide with 3 replicas',
    )
  })
})

describe('too few replicas in sync', () => {
  let three: LocalKafka
  beforeAll(async () => {
    three = await LocalKafka.start({ brokers: 3 })
  })
  afterAll(() => three?.stop())

  it('are waited for, and writing goes on when they are enough', async () => {
    const replicaAssignment = [{ partition: 0, replicas: [1, 2] }]
    const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
    const client = plainClient(three.bootstrap)
    const topics = [{ topic: 'safe', replicaAssignment, configEntries }]
    await withAdmin(client, (admin) => admin.createTopics({ topics }))
    await three.kill(2)
    const args = ['sim:?rows=100', '--to', 'topic:safe', '--rate', 'max', '--bootstrap-server', three.bootstrap]
    const { child, ended } = cli.start('replay', ...args)
    let said = ''
    child.stderr?.on('data', (text: string) => {
      said += text
    })
    while (!said.includes('waiting for Kafka, to write to safe: too few replicas are in sync')) {
      expect(child.exitCode, said).toBeNull()
      await sleep(100)
    }
    const resources = [{ type: TOPIC, name: 'safe', configEntries: [{ name: 'min.insync.replicas', value: '1' }] }]
    await withAdmin(client, (admin) => admin.alterConfigs({ validateOnly: false, resources }))
    const { code, stderr } = await ended
    expect(stderr).toContain('Kafka answers again')
    expect(stderr).toContain('100 rows sent to safe')
    expect(code).toBe(0)
  })
})

describe('topics that are not there', () => {
  it.each([
    ['topics', 'describe', 'nowhere'],
    ['topics', 'delete', 'nowhere', '--yes'],
    ['audit', '--raw', 'topic:nowhere', '--no-progress'],
    ['merge', '--from', 'topic:nowhere'],
    ['replay', '--from', 'topic:nowhere', '--to', 'topic:copy'],
  ])('%s %s %s', async (...args) => {
    await refuses(args, /topic:? ?nowhere/)
  })

  it('watch waits for its own, and says so', async () => {
    const { child, ended } = cli.start('watch', '--json', '--from', 'topic:nowhere', ...server)
    let said = ''
    child.stderr?.on('data', (text: string) => {
      said += text
    })
    while (!said.includes('there is no topic nowhere yet: it is waited for')) await sleep(50)
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })
})

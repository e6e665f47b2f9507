import { readFileSync } from 'node:fs'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cli } from '../../support/built-cli.js'
import { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'
import { expectRefusal, wideCli } from './refusal.js'

const AT_ONCE_MS = 25_000
const { TOPIC, GROUP, TRANSACTIONAL_ID } = kafkajs.AclResourceTypes
const { READ, WRITE } = kafkajs.AclOperationTypes

let kafka: LocalKafka
let cli: Cli
beforeAll(async () => {
  kafka = await LocalKafka.start({ security: 'sasl_ssl' })
  cli = wideCli()
  const admin = ['--kafka-config', kafka.clientProperties('admin').librdkafka]
  await cli.run('topics', 'create', ...admin)
  await cli.run('replay', 'sim:?rows=1000&seed=1', '--rate', 'max', ...admin)
})
afterAll(async () => {
  cli?.dispose()
  await kafka?.stop()
})

/** As the user who may do no more than describe, unless allowed more. */
async function refuses(args: string[], sentence: string): Promise<void> {
  const config = ['--kafka-config', kafka.clientProperties('reader').librdkafka]
  const secrets = Object.values(kafka.users)
  await expectRefusal(cli, [...args, ...config], { sentence, secrets, within: AT_ONCE_MS })
}

/** Allows it on whatever there is of that type. */
async function allow(resourceType: number, operation: number): Promise<void> {
  const sasl = { mechanism: 'plain', username: 'admin', password: kafka.users.admin } as const
  const client = plainClient(kafka.bootstrap, { ssl: { ca: readFileSync(kafka.tls.ca) }, sasl })
  const entry = {
    ...{ resourceType, operation, resourceName: '*', resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL },
    ...{ principal: 'User:reader', host: '*', permissionType: kafkajs.AclPermissionTypes.ALLOW },
  }
  await withAdmin(client, (admin) => admin.createAcls({ acl: [entry] }))
}

describe('what a user has no right to, in the order in which rights are given', () => {
  it('to the topic', async () => {
    await refuses(['topics', 'create', 'another'], 'not allow us to create another: no right to the topic')
    await refuses(['topics', 'describe', 'data_raw'], 'no right to the topic')
    await refuses(['topics', 'delete', 'data_raw', '--yes'], 'no right to the topic')
    await refuses(['replay', 'sim:?rows=10', '--rate', 'max', '--no-progress'], 'no right to the topic')
    await refuses(['process', '--no-progress'], 'no right to the topic')
    await refuses(['audit', '--no-progress'], 'no right to the topic')
    await refuses(['merge'], 'there are no results')
  })

  it('whoever reads topics needs no right to their settings', async () => {
    await allow(TOPIC, READ)
    const config = ['--kafka-config', kafka.clientProperties('reader').librdkafka]
    const { code, stdout, stderr } = await cli.run('topics', 'describe', 'data_raw', ...config)
    expect(stdout + stderr).toContain('keyed by orbit')
    expect(code).toBe(0)
    await refuses(['audit', '--no-progress'], 'there are no results')
  })

  it('to write to the topic, or delete it', async () => {
    await refuses(['topics', 'delete', 'data_raw', '--yes'], 'not allow us to delete data_raw: no right to the topic')
  })

  it('to the transactional id', async () => {
    await allow(TOPIC, WRITE)
    await refuses(['replay', 'sim:?rows=10', '--rate', 'max', '--no-progress'], 'no right to the transactional id')
  })

  it('to the group', async () => {
    await allow(TRANSACTIONAL_ID, WRITE)
    await refuses(['replay', 'sim:?rows=10', '--rate', 'max', '--no-progress'], 'no right to the group')
    await refuses(['process', '--no-progress'], 'no right to the group')
  })

  it('nothing, where all were given', async () => {
    await allow(GROUP, READ)
    const config = ['--kafka-config', kafka.clientProperties('reader').librdkafka]
    const { code, stderr } = await cli.run('replay', 'sim:?rows=10', '--rate', 'max', '--no-progress', ...config)
    expect(stderr).toContain('10 rows sent')
    expect(code).toBe(0)
  })
})
